"""Messages between MMS centres, as mail (3GPP TS 23.140 clause 8.4)."""
