"""Accept resumes and requests for analyses. Owns `review_requests` and the tables that it refers to."""
