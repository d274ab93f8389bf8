"""The builder of workbooks: xlsx, xlsm, xltx and xltm in, xlsx out."""
