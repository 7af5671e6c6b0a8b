"""MMS encapsulation: the binary messages between a handset and its MMSC (OMA-TS-MMS_ENC)."""
