"""What each registry is known not to do: the test that shows it, and the sentence that the page has about it."""

from __future__ import annotations

WHOLE = (
    "A schema that is sent whole does not find the version that was registered with references: producers send the "
    'text with its references, or the subject is configured with `references = "inline"`.'
)
GROUP = "Compatibility groups are unknown: versions of every group are compared with each other."

LIMITS = {
    ("axonops", "test_the_long_form_of_a_primitive_makes_no_new_version"): (
        '`{"type": "string"}` where `"string"` was makes a new version.'
    ),
    ("axonops", "test_the_whole_text_finds_what_was_registered_with_a_reference"): WHOLE,
    ("axonops", "test_a_changed_doc_is_a_new_version"): (
        "A schema that differs from a version only in its doc counts as that version: the new doc is not kept."
    ),
    ("axonops", "test_a_changed_property_is_a_new_version"): (
        "A schema that differs from a version only in aliases, in a field's `order` or in custom properties counts as "
        "that version: they are not kept."
    ),
    ("axonops", "test_a_subject_s_name_may_hold_any_character"): (
        "A subject's name is kept as the URL spells it: `a/b` is `a%2Fb` in every list."
    ),
    ("axonops", "test_another_context_s_subjects_can_be_named_in_full"): (
        "`GET /subjects` lists no other context's subjects: `drift` and `pull` see none, `check` and `register` are "
        "told theirs by the configuration."
    ),
    ("axonops", "test_an_incompatible_schema_may_follow_in_another_compatibility_group"): GROUP,
    ("axonops", "test_an_added_enum_symbol_needs_a_default"): (
        "An added enum symbol is refused in FORWARD and FULL also where the enum has a default, so `check` tells of a "
        "disagreement."
    ),
    ("axonops", "test_a_changed_doc_reaches_the_registry"): (
        "No version is made for a change of nothing but doc, aliases, `order` or properties: `plan`, `register` and "
        "`check` say so and have nothing to do."
    ),
    ("axonops", "test_what_is_pulled_is_clean_and_needs_no_plan"): (
        "After `pull`, `check` reports `lookup-would-fail` for each subject that has references, since its whole text "
        "is not found."
    ),
    ("apicurio", "test_the_whole_text_finds_what_was_registered_with_a_reference"): WHOLE,
    ("apicurio", "test_a_changed_doc_is_a_new_version"): (
        "A schema that differs from a version only in doc or aliases counts as that version: they are not kept."
    ),
    ("apicurio", "test_a_softly_deleted_subject_is_still_seen"): (
        "The versions of a softly deleted subject are listed and not handed out."
    ),
    ("apicurio", "test_a_read_only_subject_is_seen_and_refuses"): (
        "A mode can be set and is answered, and READONLY refuses nothing; schemagate keeps to it all the same."
    ),
    ("apicurio", "test_metadata_comes_back"): "Metadata and rule sets are accepted and not kept.",
    ("apicurio", "test_an_incompatible_schema_may_follow_in_another_compatibility_group"): GROUP,
    ("apicurio", "test_a_changed_doc_reaches_the_registry"): (
        "No version is made for a change of nothing but doc or aliases: `plan`, `register` and `check` say so and have "
        "nothing to do."
    ),
    ("apicurio", "test_a_shared_type_that_grows_takes_its_users_along"): (
        "The compatibility endpoint cannot read a subject that is registered with references (422), and registering "
        "one judges nothing. `register` blocks its next version, since the registry's answer cannot be had: configure "
        'such subjects with `references = "inline"`.'
    ),
    ("apicurio", "test_a_softly_deleted_subject_is_a_finding"): (
        "A softly deleted subject is no finding but exit 3, because its versions cannot be read."
    ),
}
"""(server, test) → what the server does instead. The test is expected to fail there, and to pass everywhere else."""
