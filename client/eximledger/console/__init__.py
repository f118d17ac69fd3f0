"""The console: server-rendered pages for officers, on the application of `eximledger.serving`.

`pages` are the routes, one module for each subject; `views` make of a loan or paper what a page shows, without the web;
`drawing` makes pictures as SVG. A page asks the desk of whoever is signed in, and lists ask the mirror. Imported only
where pages are served.
"""
