"""What a person can ask for, in the product's words; one module a subject."""
