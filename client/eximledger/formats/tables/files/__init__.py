"""Files that hold tables beside CSV and XLSX: XLS, ODS, Excel 2003 XML, HTML. Each becomes sheets of cells."""
