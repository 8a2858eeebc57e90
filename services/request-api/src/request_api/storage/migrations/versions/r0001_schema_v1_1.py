"""Tables of Schema v1.1 that request-api owns or reads: adopted if they exist, otherwise created.

New tables equal those in production, without their references to `users`, which then is in another database.
"""

from alembic import op
from chassis.db.adoption import can_adopt
from request_api.storage.tables import SCHEMA_V1_1, WRITTEN

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE candidates (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        first_name varchar(100) NOT NULL,
        last_name varchar(100) NOT NULL,
        email varchar(255) UNIQUE,
        phone varchar(50),
        current_company varchar(255),
        current_position varchar(255),
        years_experience integer,
        status varchar(20) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'placed', 'archived')),
        created_by_user_id uuid NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    CREATE TABLE user_candidate_assignments (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL,
        candidate_id uuid NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
        assignment_type varchar(20) NOT NULL DEFAULT 'primary'
            CHECK (assignment_type IN ('primary', 'secondary', 'viewer')),
        assigned_at timestamptz NOT NULL DEFAULT now(),
        unassigned_at timestamptz,
        assigned_by_user_id uuid,
        unassigned_reason text,
        is_active boolean NOT NULL DEFAULT true
    )
    """,
    "CREATE INDEX idx_assignments_user_active ON user_candidate_assignments (user_id, is_active)",
    "CREATE INDEX idx_assignments_candidate_active ON user_candidate_assignments (candidate_id, is_active)",
    """
    CREATE TABLE resumes (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        candidate_id uuid NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
        uploaded_by_user_id uuid NOT NULL,
        original_filename varchar(255) NOT NULL,
        stored_filename varchar(255) NOT NULL,
        file_hash varchar(64) NOT NULL,
        file_size integer NOT NULL CHECK (file_size > 0),
        mime_type varchar(100) NOT NULL,
        version_number integer NOT NULL DEFAULT 1 CHECK (version_number >= 1),
        status varchar(20) NOT NULL DEFAULT 'pending'
            CHECK (status IN ('pending', 'processing', 'completed', 'error')),
        progress integer DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
        extracted_text text,
        word_count integer,
        uploaded_at timestamptz NOT NULL DEFAULT now(),
        processed_at timestamptz
    )
    """,
    "CREATE INDEX idx_resumes_candidate ON resumes (candidate_id)",
    "CREATE INDEX idx_resumes_uploaded_by ON resumes (uploaded_by_user_id)",
    """
    CREATE TABLE resume_sections (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        resume_id uuid NOT NULL REFERENCES resumes (id) ON DELETE CASCADE,
        section_type varchar(20) NOT NULL CHECK (section_type IN
            ('contact', 'summary', 'experience', 'education', 'skills', 'certifications', 'other')),
        section_title text,
        content text NOT NULL,
        start_page integer,
        end_page integer,
        start_position integer CHECK (start_position >= 0),
        end_position integer CHECK (end_position >= 0),
        sequence_order integer NOT NULL DEFAULT 0 CHECK (sequence_order >= 0),
        section_metadata jsonb
    )
    """,
    "CREATE INDEX idx_sections_resume ON resume_sections (resume_id, sequence_order)",
    """
    CREATE TABLE review_requests (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        resume_id uuid NOT NULL REFERENCES resumes (id) ON DELETE CASCADE,
        requested_by_user_id uuid NOT NULL,
        target_role varchar(255),
        target_industry varchar(100),
        experience_level varchar(20)
            CHECK (experience_level IN ('entry', 'mid', 'senior', 'executive')),
        review_type varchar(20) NOT NULL DEFAULT 'comprehensive'
            CHECK (review_type IN ('comprehensive', 'quick_scan', 'ats_check')),
        status varchar(20) NOT NULL DEFAULT 'pending'
            CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
        requested_at timestamptz NOT NULL DEFAULT now(),
        completed_at timestamptz
    )
    """,
    "CREATE INDEX idx_review_requests_resume ON review_requests (resume_id)",
    "CREATE INDEX idx_review_requests_user ON review_requests (requested_by_user_id)",
    "CREATE INDEX idx_review_requests_status ON review_requests (status)",
    "CREATE INDEX idx_review_requests_requested_at ON review_requests (requested_at DESC)",
)


def upgrade() -> None:
    """Adopt or create the tables."""
    if can_adopt(op.get_bind(), SCHEMA_V1_1, values=WRITTEN):
        return
    for statement in TABLES:
        op.execute(statement)
