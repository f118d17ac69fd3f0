"""Files that hold other files: ZIP archives, PDFs with attachments, UBL's AttachedDocument."""
