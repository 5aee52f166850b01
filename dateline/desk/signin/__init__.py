"""How people come to the desk: password, second factor, another's sign-in; their sessions."""
