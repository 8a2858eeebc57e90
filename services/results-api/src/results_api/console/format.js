// Words and numbers for people.

const INDUSTRIES = {
  strategy_tech: "Strategy and technology",
  strategy_consulting: "Strategy consulting",
  ma_financial: "M&A and financial advisory",
  ma_finance: "M&A and financial advisory",
  consulting: "Full-service consulting",
  full_service_consulting: "Full-service consulting",
  tech_consulting: "Technology consulting",
  system_integrator: "System integration",
  software_engineering: "Software engineering",
  data_ai: "Data and AI",
  finance: "Finance",
  general: "General",
  unspecified: "Not specified",
};

export const STATUSES = {
  pending: "Waiting",
  processing: "In progress",
  completed: "Completed",
  failed: "Failed",
  error: "Failed",
  cancelled: "Cancelled",
};

const ROLES = { junior_recruiter: "Junior recruiter", senior_recruiter: "Senior recruiter", admin: "Administrator" };

export const AREAS = {
  ats: { name: "Machine readability", question: "Can software read it?" },
  content: { name: "Content", question: "What does it say?" },
  formatting: { name: "Formatting", question: "How does it look?" },
  industry_fit: { name: "Industry fit", question: "Does it speak to this industry?" },
};

const CRITERIA = {
  "ats.parse_survival": "Reading order",
  "ats.headings": "Recognised headings",
  "ats.contact": "Contact details",
  "ats.dates": "Readable dates",
  "ats.columns": "Columns",
  "ats.images_glyphs": "Text as text",
  "ats.file": "File",
  "content.quantified": "Amounts",
  "content.action_verbs": "Action verbs",
  "content.results": "Results",
  "content.specificity": "Specific words",
  "content.bullet_length": "Length of bullets",
  "content.filler": "No empty phrases",
  "content.tense_spelling": "Tense and spelling",
  "content.summary": "Summary",
  "formatting.length": "Length",
  "formatting.fonts": "Fonts",
  "formatting.margins": "Margins",
  "formatting.consistency": "Consistency",
  "formatting.heading_hierarchy": "Headings",
  "formatting.images": "Pictures and boxes",
  "formatting.minimum_size": "Smallest text",
  "industry.skills": "Skills shown",
  "industry.appeals": "Appeal points",
  "industry.domain": "Experience in the field",
  "industry.summary": "Summary for the target",
};

/** Return the name of a criterion; a later rubric may have others. */
export const criterionName = (id) => CRITERIA[id] ?? inWords(id.split(".").pop());
export const industryName = (id) => INDUSTRIES[id] ?? inWords(id);
export const roleName = (id) => ROLES[id] ?? inWords(id);

export function inWords(id) {
  const words = String(id).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const DATE_TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

export const dateTime = (iso) => (iso ? DATE_TIME.format(new Date(iso)) : "");

const ONE_DECIMAL = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const number = (value) => (value === null || value === undefined ? "–" : ONE_DECIMAL.format(value));

/** Return a difference with its sign. */
export function difference(value) {
  if (value === null || value === undefined) return "–";
  const rounded = Math.round(value * 10) / 10;
  return rounded > 0 ? `+${number(rounded)}` : rounded < 0 ? `−${number(-rounded)}` : "0";
}

export const fileSize = (bytes) =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${number(bytes / 1_000_000)} MB`;

/** Return the class of a share from 0 to 1: good, fair or weak. */
export const grade = (share) => (share >= 0.8 ? "good" : share >= 0.5 ? "fair" : "weak");

export const percent = (value) => (value === null || value === undefined ? "–" : `${Math.round(value * 100)} %`);

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
