"""What people print or download: sheets as PDF, QR codes, workbooks."""
