"""The SMPP face of the API: customers bind here and submit, and are handed what is for them."""
