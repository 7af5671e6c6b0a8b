"""Messages between an MMS centre and an application, as SOAP (3GPP TS 23.140 clause 8.7)."""
