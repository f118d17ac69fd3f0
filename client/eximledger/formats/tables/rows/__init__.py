"""What the rows of a table are beside goods: titles over them, cells that stand for others, and what is below them."""
