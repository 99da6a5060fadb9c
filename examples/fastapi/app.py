"""A small service with FastAPI: books that are kept in memory."""

from datetime import date
from itertools import count
from typing import Annotated, Any, Literal

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field


class NewBook(BaseModel):
    title: Annotated[str, Field(min_length=1, max_length=80)]
    genre: Literal["history", "poetry", "science"]
    published: date


class Book(NewBook):
    id: str


class Error(BaseModel):
    detail: str


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Error}}

app = FastAPI(title="Books", version="1")
books: dict[str, Book] = {}
numbers = count(1)


@app.get("/books", operation_id="listBooks")
def list_books() -> list[Book]:
    return list(books.values())


@app.post("/books", operation_id="createBook", status_code=201)
def create_book(new: NewBook) -> Book:
    book = Book(id=f"book-{next(numbers)}", **new.model_dump())
    books[book.id] = book
    return book


@app.get("/books/{book_id}", operation_id="getBook", response_model=Book, responses=NOT_FOUND)
def get_book(book_id: str) -> JSONResponse:
    book = found(book_id)
    return JSONResponse(book.model_dump(mode="json", exclude={"published"}))


@app.delete("/books/{book_id}", operation_id="deleteBook", status_code=204, responses=NOT_FOUND)
def delete_book(book_id: str) -> None:
    del books[found(book_id).id]


def found(book_id: str) -> Book:
    if book_id not in books:
        raise HTTPException(404, "no such book")
    return books[book_id]
