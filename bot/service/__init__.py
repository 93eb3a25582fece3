"""The use cases, in the product's terms; one module per subject."""
