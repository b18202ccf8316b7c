services after=files portbook
