"""What is technical and has two users among the services. It holds no word of the domain."""
