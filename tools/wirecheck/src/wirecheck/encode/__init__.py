"""From values to the wire: the parameters and bodies of requests, as an OpenAPI document describes them.

It imports nothing beyond the standard library; generated clients have a copy. `wirecheck.decode` is the
inverse.

What the specification leaves open is decided thus:

- A parameter that is null is not sent, nor is a member of an object that is: RFC 6570 calls them undefined,
  and ignores them (2.3, 3.2.1). A null item of an array is an empty text, as without it the items behind it
  would change their places.
- An empty array or object is an empty text, except where each item or member would be a part of its own:
  nothing of it is sent then. The styles of paths write what the specification has in the column `undefined`.
- In deepObject `a[b][c]=1` is a member of a member; `a[b]=1&a[b]=2` is a list, and `a[b][0][c]=1` one of
  objects. An object or array anywhere else within another is JSON.
- With allowReserved a delimiter is still escaped in what it delimits.
- An array in an urlencoded form is one field if its `contentType` is that of JSON; OpenAPI 3.2 has a field
  for each item, but documents that say so since 3.0 mean the whole.
"""
