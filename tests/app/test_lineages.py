"""What belongs to one lineage: versions in place and in files, through renames, moves and deletions."""

from __future__ import annotations

import pytest
from tests.app.scene import OPTIONAL, ledger, record, run, told

USER = record("User", id="string", email="string")
RENAMED = record("User", id="string", mail="string")
WIDER = record("User", id="string", email="string", nick=OPTIONAL)
LONG = {f"field_{n}": "string" for n in range(12)}


def test_the_first_schema_of_a_repository_is_new_and_clean(repo):
    repo.write("user.avsc", USER)

    report = run(repo)

    assert told(report) == []
    assert ledger(report) == ["com.example.User user.avsc new:"]
    assert report.exit_code == 0


def test_the_example_schema_has_one_notice_for_its_plain_long_timestamp(repo):
    from pathlib import Path

    text = (Path(__file__).parents[2] / "schemas/avro/user_created_v1.avsc").read_bytes()
    repo.write("schemas/avro/user_created_v1.avsc", text)

    report = run(repo)

    assert told(report) == ["notice timestamp-without-logical-type $.timestamp schemas/avro/user_created_v1.avsc:14:35"]
    assert report.exit_code == 0


@pytest.mark.parametrize("file", ["user.avsc", "user_v2.avsc"], ids=["in place", "as a new version file"])
def test_a_renamed_mandatory_field_breaks_both_directions_and_is_told_once(repo, file):
    published = "user.avsc" if file == "user.avsc" else "user_v1.avsc"
    repo.write(published, USER).commit("publish").branch("change").write(file, RENAMED)

    report = run(repo)

    assert told(report) == [f"error field-renamed com.example.User $.mail {file}:7:5 v1< v1>"]
    assert ledger(report) == [f"com.example.User {file} changed: v1"]
    assert report.exit_code == 1


@pytest.mark.parametrize("file", ["user.avsc", "user_v2.avsc"], ids=["in place", "as a new version file"])
def test_an_optional_field_with_a_default_is_accepted(repo, file):
    published = "user.avsc" if file == "user.avsc" else "user_v1.avsc"
    repo.write(published, USER).commit("publish").branch("change").write(file, WIDER)

    report = run(repo)

    assert told(report) == []
    assert ledger(report) == [f"com.example.User {file} changed: v1"]


def test_every_published_version_counts_and_a_break_of_three_is_one_finding(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", WIDER).commit("2")
    repo.write("user.avsc", record("User", id="string", email="string", nick=OPTIONAL, age=OPTIONAL)).commit("3")
    repo.branch("change").write("user.avsc", record("User", id="string", nick=OPTIONAL, age=OPTIONAL))

    report = run(repo)

    assert told(report) == ["error field-removed-without-default com.example.User $.email user.avsc:3:11 v1> v2> v3>"]


def test_what_the_newest_version_already_breaks_is_inherited_and_not_counted(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", RENAMED).commit("2: nobody was asked")
    repo.branch("change").write("user.avsc", record("User", id="string", mail="string", nick=OPTIONAL))

    report = run(repo)

    assert told(report) == [
        "inherited field-removed-without-default com.example.User $.email user.avsc:3:11 v1>",
        "inherited field-added-without-default com.example.User $.mail user.avsc:7:5 v1<",
    ]
    assert report.counted == ()
    assert report.exit_code == 0


def test_a_fresh_break_beside_an_inherited_one_is_an_error(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", RENAMED).commit("2")
    repo.branch("change").write("user.avsc", record("User", id="long", mail="string"))

    report = run(repo)

    assert [line for line in told(report) if not line.startswith("inherited")] == [
        "error field-type-changed com.example.User $.id user.avsc:6:28 v1< v1> v2< v2>"
    ]
    assert report.exit_code == 1


def test_a_reverted_schema_has_two_versions_and_the_first_is_in_force_again(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", WIDER).commit("2").write("user.avsc", USER).commit("3")
    repo.write("schemagate.toml", 'mode = "BACKWARD"\n').commit("config")
    repo.branch("change").write("user.avsc", record("User", id="string", email="string", age="int"))

    report = run(repo)

    assert told(report) == ["error field-added-without-default com.example.User $.age user.avsc:8:5 v1<"]


def test_white_space_comments_and_key_order_make_no_version(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", "// why\n" + USER.replace("  ", "\t")).commit("2")
    repo.branch("change").write("user.avsc", RENAMED)

    assert ledger(run(repo)) == ["com.example.User user.avsc changed: v1"]


# Version files


def test_a_published_version_file_that_was_edited_is_an_error_beside_what_the_edit_breaks(repo):
    repo.write("user_v1.avsc", USER).commit("1").branch("change").write("user_v1.avsc", RENAMED)

    assert told(run(repo)) == [
        "error published-version-edited user_v1.avsc:3:11",
        "error field-renamed com.example.User $.mail user_v1.avsc:7:5 v1< v1>",
    ]


def test_an_older_version_file_that_was_edited_is_an_error(repo):
    repo.write("user_v1.avsc", USER).commit("1").write("user_v2.avsc", WIDER).commit("2")
    repo.branch("change").write("user_v1.avsc", record("User", id="string"))

    assert told(run(repo)) == ["error published-version-edited user_v1.avsc:3:11"]


def test_white_space_and_comments_in_a_published_version_file_may_change(repo):
    repo.write("user_v1.avsc", USER).commit("1").branch("change").write("user_v1.avsc", "/* who reads it */\n" + USER)

    assert told(run(repo)) == []


def test_a_published_version_file_that_was_removed_is_an_error_and_still_counts(repo):
    repo.write("user_v1.avsc", USER).commit("1").write("user_v2.avsc", WIDER).commit("2")
    repo.branch("change").delete("user_v1.avsc")

    report = run(repo)

    assert told(report) == ["error published-version-removed user_v1.avsc:1:1"]
    assert ledger(report) == ["com.example.User user_v2.avsc unchanged: v1 v2"]


def test_a_version_file_that_was_removed_long_ago_still_counts(repo):
    repo.write("user_v1.avsc", USER).write("user_v2.avsc", WIDER).commit("1")
    repo.delete("user_v1.avsc").commit("2: accepted by somebody")
    repo.branch("change").write("user_v3.avsc", record("User", id="string", nick=OPTIONAL))

    report = run(repo)

    assert told(report) == ["error field-removed-without-default com.example.User $.email user_v3.avsc:3:11 v1> v2>"]


def test_a_whole_series_that_was_deleted_is_a_deleted_schema(repo):
    repo.write("user_v1.avsc", USER).write("user_v2.avsc", WIDER).commit("1").branch("change")
    repo.delete("user_v1.avsc").delete("user_v2.avsc")

    assert told(run(repo)) == [
        "error published-schema-deleted user_v1.avsc:1:1",
        "error published-schema-deleted user_v2.avsc:1:1",
    ]


def test_two_new_version_files_are_both_judged_the_second_against_the_first_too(repo):
    repo.write("user_v1.avsc", USER).commit("1").branch("change").write("user_v2.avsc", WIDER)
    repo.write("user_v3.avsc", record("User", id="string", email="string", nick="string"))

    report = run(repo)

    assert ledger(report) == [
        "com.example.User user_v2.avsc changed: v1",
        "com.example.User user_v3.avsc changed: v1 v2",
    ]
    assert told(report) == [
        "error field-added-without-default com.example.User $.nick user_v3.avsc:8:5 v1<",
        "error nullability-removed com.example.User $.nick user_v3.avsc:8:30 v2<",
    ]


def test_a_break_of_the_second_version_is_inherited_by_the_third_in_the_same_change(repo):
    repo.write("user_v1.avsc", USER).commit("1").branch("change").write("user_v2.avsc", RENAMED)
    repo.write("user_v3.avsc", record("User", id="string", mail="string", nick=OPTIONAL))

    counted = [line for line in told(run(repo)) if not line.startswith("inherited")]

    assert counted == ["error field-renamed com.example.User $.mail user_v2.avsc:7:5 v1< v1>"]


def test_a_lower_new_version_file_is_linted_too(repo):
    repo.write("user_v1.avsc", record("User", Id="string", bad_name="string"))
    repo.write("user_v2.avsc", record("User", Id="string", bad_name="string"))

    found = [line for line in told(run(repo)) if "name-style" in line]

    assert sorted({line.split()[-1].split(":")[0] for line in found}) == ["user_v1.avsc", "user_v2.avsc"]


def test_lint_says_nothing_of_a_published_version_that_is_not_in_force(repo):
    repo.write("user_v1.avsc", record("User", Id="string", bad_name="string")).commit("1")
    repo.branch("change").write("user_v2.avsc", record("User", Id="string", bad_name="string", nick=OPTIONAL))

    found = [line for line in told(run(repo)) if "name-style" in line]

    assert {line.split()[-1].split(":")[0] for line in found} == {"user_v2.avsc"}


def test_a_skipped_version_number_is_a_notice(repo):
    repo.write("user_v1.avsc", USER).commit("1").branch("change").write("user_v3.avsc", WIDER)

    report = run(repo)

    assert told(report) == ["notice version-gap user_v3.avsc:3:11"]
    assert report.findings[0].message == "user_v3.avsc is v3, and there is no v2"


def test_a_series_may_begin_at_any_number_and_grow_by_several(repo):
    repo.write("user_v3.avsc", USER).commit("1").branch("change")
    repo.write("user_v4.avsc", WIDER)
    repo.write("user_v5.avsc", record("User", id="string", email="string", nick=OPTIONAL, age=OPTIONAL))

    assert told(run(repo)) == []


# Deleted, renamed, moved


def test_a_deleted_published_schema_is_an_error(repo):
    repo.write("user.avsc", USER).commit("1").branch("change").delete("user.avsc")

    report = run(repo)

    assert told(report) == ["error published-schema-deleted user.avsc:1:1"]
    assert report.exit_code == 1


def test_a_schema_that_was_never_published_may_be_deleted(repo):
    repo.write("other.avsc", record("Other", id="string")).commit("1").branch("change")
    repo.write("user.avsc", USER).commit("added").delete("user.avsc").commit("and gone")

    assert told(run(repo)) == []


def test_a_file_renamed_in_the_branch_keeps_its_versions(repo):
    repo.write("user.avsc", USER).commit("1").branch("change")
    repo.move("user.avsc", "accounts/user.avsc").write("accounts/user.avsc", RENAMED)

    report = run(repo)

    assert told(report) == ["error field-renamed com.example.User $.mail accounts/user.avsc:7:5 v1< v1>"]
    assert ledger(report) == ["com.example.User accounts/user.avsc changed: v1"]


def test_a_file_renamed_in_published_history_keeps_its_versions(repo):
    repo.write("user.avsc", record("User", **LONG)).commit("1").move("user.avsc", "moved/user.avsc").commit("2")
    repo.branch("change").write("moved/user.avsc", record("User", **{**LONG, "field_0": "long"}))

    report = run(repo)

    assert told(report) == ["error field-type-changed com.example.User $.field_0 moved/user.avsc:6:33 v1< v1>"]


def test_a_file_that_moved_and_was_rewritten_in_published_history_keeps_its_versions_by_its_name(repo):
    repo.write("user.avsc", USER).commit("1")
    wide = {f"extra_{n}": OPTIONAL for n in range(20)}
    repo.delete("user.avsc").write("moved/user.avsc", record("User", id="string", email="string", **wide)).commit("2")
    repo.branch("change").write("moved/user.avsc", record("User", id="string", **wide))

    report = run(repo)

    assert told(report) == ["error field-removed-without-default com.example.User $.email moved/user.avsc:3:11 v1> v2>"]
    assert ledger(report) == ["com.example.User moved/user.avsc changed: v1 v2"]


def test_a_type_moved_to_a_new_file_keeps_its_versions_by_its_name(repo):
    repo.write("a.avsc", USER).commit("1").branch("change").delete("a.avsc")
    wide = {f"extra_{n}": OPTIONAL for n in range(20)}
    repo.write("accounts/user.avsc", record("User", id="string", mail="string", **wide))

    report = run(repo)

    assert told(report) == ["error field-renamed com.example.User $.mail accounts/user.avsc:7:5 v1< v1>"]
    assert ledger(report) == ["com.example.User accounts/user.avsc changed: v1"]


def test_two_files_that_swap_names_keep_their_lineages_by_type(repo):
    order = record("Order", id="string", email="string")
    repo.write("user.avsc", USER).write("order.avsc", order).commit("1").branch("change")
    repo.delete("user.avsc").delete("order.avsc").write("x/user.avsc", USER).write("x/order.avsc", order)

    report = run(repo)

    assert told(report) == []
    assert ledger(report) == [
        "com.example.Order x/order.avsc unchanged: v1",
        "com.example.User x/user.avsc unchanged: v1",
    ]


def test_similar_files_that_move_together_are_paired_by_type_and_not_by_likeness(repo):
    fields = {f"field_{n}": "string" for n in range(8)}
    repo.write("a.avsc", record("Alpha", **fields, only_alpha="string"))
    repo.write("b.avsc", record("Beta", **fields)).commit("1").branch("change").delete("a.avsc").delete("b.avsc")
    # Content swaps likeness: Beta now looks like what Alpha was.
    repo.write("x/alpha.avsc", record("Alpha", **fields, only_alpha="string", more=OPTIONAL, again=OPTIONAL))
    repo.write("x/beta.avsc", record("Beta", **fields, only_alpha=OPTIONAL))

    report = run(repo)

    assert told(report) == []
    assert ledger(report) == ["com.example.Alpha x/alpha.avsc changed: v1", "com.example.Beta x/beta.avsc changed: v1"]


def test_a_schema_that_comes_back_in_another_file_is_judged_against_what_was_published(repo):
    repo.write("user.avsc", USER).commit("1").delete("user.avsc").commit("2: gone")
    repo.branch("change").write("again/user.avsc", RENAMED)

    report = run(repo)

    assert ledger(report) == ["com.example.User again/user.avsc changed: v1"]
    assert told(report) == ["error field-renamed com.example.User $.mail again/user.avsc:7:5 v1< v1>"]


def test_a_schema_that_comes_back_at_its_old_path_is_judged_against_what_was_published(repo):
    repo.write("user.avsc", USER).commit("1").delete("user.avsc").commit("2: gone")
    repo.branch("change").write("user.avsc", RENAMED)

    assert ledger(run(repo)) == ["com.example.User user.avsc changed: v1"]


def test_a_new_file_at_a_path_that_was_moved_away_has_no_past(repo):
    repo.write("user.avsc", record("User", **LONG)).commit("1").move("user.avsc", "moved/user.avsc").commit("2")
    repo.write("user.avsc", record("other.User", id="string")).commit("3")
    repo.branch("change").write("user.avsc", record("other.User", id="string", nick=OPTIONAL))

    report = run(repo)

    assert ledger(report) == ["other.User user.avsc changed: v1"]
    assert told(report) == []


def test_a_version_file_that_was_renamed_to_the_next_version_is_a_removed_version(repo):
    repo.write("user_v1.avsc", record("User", **LONG)).commit("1").branch("change")
    repo.move("user_v1.avsc", "user_v2.avsc").write("user_v2.avsc", record("User", **LONG, nick=OPTIONAL))

    report = run(repo)

    assert told(report) == ["error published-version-removed user_v1.avsc:1:1"]
    assert ledger(report) == ["com.example.User user_v2.avsc changed: v1"]


def test_a_version_file_that_was_renamed_to_the_next_version_and_published_left_both_versions(repo):
    repo.write("user_v1.avsc", record("User", **LONG)).commit("1")
    repo.move("user_v1.avsc", "user_v2.avsc").write("user_v2.avsc", record("User", **LONG, nick=OPTIONAL)).commit("2")
    repo.branch("change").write("user_v3.avsc", record("User", **{**LONG, "field_0": "long"}, nick=OPTIONAL))

    assert ledger(run(repo)) == ["com.example.User user_v3.avsc changed: v1 v2"]


def test_a_series_of_version_files_moves_as_a_whole(repo):
    repo.write("user_v1.avsc", USER).write("user_v2.avsc", WIDER).commit("1").branch("change")
    repo.move("user_v1.avsc", "x/user_v1.avsc").move("user_v2.avsc", "x/user_v2.avsc")
    repo.write("x/user_v3.avsc", record("User", id="string", nick=OPTIONAL))

    report = run(repo)

    assert ledger(report) == ["com.example.User x/user_v3.avsc changed: v1 v2"]
    assert told(report) == ["error field-removed-without-default com.example.User $.email x/user_v3.avsc:3:11 v1> v2>"]


def test_an_in_place_file_that_becomes_a_version_file_keeps_its_versions(repo):
    repo.write("user.avsc", USER).commit("1").branch("change").move("user.avsc", "user_v1.avsc")
    repo.write("user_v2.avsc", RENAMED)

    report = run(repo)

    before = f"main@{repo.sha('main')[:7]}"
    assert told(report) == [f"error field-renamed com.example.User $.mail user_v2.avsc:7:5 {before}< {before}>"]


# The subject's name


def test_a_renamed_type_is_a_renamed_subject_and_told_once(repo):
    repo.write("user.avsc", USER).commit("1").branch("change").write("user.avsc", USER.replace('"User"', '"Account"'))

    report = run(repo)

    assert [line for line in told(report) if "file-name" not in line] == [
        "error subject-renamed com.example.Account $ user.avsc:3:11 v1< v1>"
    ]
    assert next(f for f in report.findings if f.rule == "subject-renamed").message == (
        "subject `com.example.User` became `com.example.Account`"
    )


def test_a_changed_namespace_is_a_renamed_subject_and_told_once(repo):
    repo.write("user.avsc", USER).commit("1").branch("change")
    repo.write("user.avsc", USER.replace("com.example", "com.other"))

    assert told(run(repo)) == ["error subject-renamed com.other.User $ user.avsc:3:11 v1< v1>"]


def test_a_renamed_type_below_a_configured_name_is_a_renamed_type(repo):
    repo.write("schemagate.toml", '[[subjects]]\nmatch = "user.avsc"\nname = "users-value"\n').write("user.avsc", USER)
    repo.commit("1").branch("change").write("user.avsc", USER.replace('"User"', '"Account"'))

    found = [line for line in told(run(repo)) if "file-name" not in line]

    assert found == ["error type-renamed users-value $ user.avsc:3:11 v1< v1>"]


def test_a_configured_name_that_changes_is_a_renamed_subject(repo):
    config = '[[subjects]]\nmatch = "user.avsc"\nname = "users-value"\n'
    repo.write("schemagate.toml", config).write("user.avsc", USER).commit("1").branch("change")
    repo.write("schemagate.toml", config.replace("users", "accounts"))

    assert told(run(repo, everything=True)) == ["error subject-renamed accounts-value $ user.avsc:3:11"]


def test_a_name_that_is_configured_for_the_first_time_renames_nothing(repo):
    repo.write("user.avsc", USER).commit("1").branch("change")
    repo.write("schemagate.toml", '[[subjects]]\nmatch = "user.avsc"\nname = "users-value"\n')

    report = run(repo, everything=True)

    assert told(report) == []
    assert ledger(report) == ["users-value user.avsc unchanged: v1"]


def test_a_configured_name_that_changes_is_told_without_asking_for_every_subject(repo):
    config = '[[subjects]]\nmatch = "user.avsc"\nname = "users-value"\n'
    repo.write("schemagate.toml", config).write("user.avsc", USER).commit("1").branch("change")
    repo.write("schemagate.toml", config.replace("users", "accounts"))

    assert told(run(repo)) == ["error subject-renamed accounts-value $ user.avsc:3:11"]


def test_a_subject_more_for_one_schema_is_no_rename(repo):
    config = '[[subjects]]\nmatch = "user.avsc"\nname = ["users-value"]\n'
    repo.write("schemagate.toml", config).write("user.avsc", USER).commit("1").branch("change")
    repo.write("schemagate.toml", config.replace('"users-value"', '"users-value", "people-value"'))

    report = run(repo, everything=True)

    assert told(report) == []
    assert ledger(report) == ["users-value, people-value user.avsc unchanged: v1"]


def test_a_schema_with_several_subjects_is_judged_once_and_named_by_all(repo):
    config = '[[subjects]]\nmatch = "user.avsc"\nname = ["{topic}-key", "{topic}-value"]\ntopic = "users"\n'
    repo.write("schemagate.toml", config).write("user.avsc", USER).commit("1").branch("change")
    repo.write("user.avsc", RENAMED)

    report = run(repo)

    assert [f.subject for f in report.findings] == ["users-key, users-value"]


def test_a_union_at_the_top_needs_a_configured_name_and_is_judged_all_the_same(repo):
    union = '[{"type": "record", "name": "A", "namespace": "x", "fields": [{"name": "a", "type": "int"}]}]'
    repo.write("events.avsc", union).commit("1").branch("change").write("events.avsc", union.replace("int", "string"))

    report = run(repo)

    assert told(report) == [
        "error field-type-changed events $<A>.a events.avsc:1:85 v1< v1>",
        "warning subject-name-needed events.avsc:1:1",
    ]


def test_a_union_at_the_top_is_fine_with_a_configured_name(repo):
    union = '[{"type": "record", "name": "A", "namespace": "x", "fields": [{"name": "a", "type": "int"}]}]'
    repo.write("schemagate.toml", '[[subjects]]\nmatch = "events.avsc"\nname = "{stem}-value"\n')
    repo.write("events.avsc", union)

    report = run(repo)

    assert told(report) == []
    assert ledger(report) == ["events-value events.avsc new:"]


# What cannot be read


def test_a_published_text_that_java_never_accepted_is_a_notice_that_names_the_commit(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", '{"type": "record"').commit("2: broken")
    repo.write("user.avsc", WIDER).commit("3").branch("change").write("user.avsc", RENAMED)

    report = run(repo)

    notice = report.findings[-1]
    assert notice.message == (
        f"the text of user.avsc in {repo.sha('main~1')[:7]} was never a schema that Avro accepts: "
        "the file ends before the `{` in line 1, column 1 is closed"
    )
    assert told(report) == [
        "error field-renamed com.example.User $.mail user.avsc:7:5 v1< v1> v2< v2>",
        "notice version-unreadable com.example.User",
    ]
    assert ledger(report) == ["com.example.User user.avsc changed: v1 v2"]


def test_a_published_text_that_only_breaks_todays_lint_is_a_version_like_any_other(repo):
    repo.write("user.avsc", record("User", Id="string", bad_name="string")).commit("1")
    repo.branch("change").write("user.avsc", record("User", id="string"))

    report = run(repo)

    assert told(report) == [
        "error field-removed-without-default com.example.User $.bad_name user.avsc:3:11 v1>",
        "error field-renamed com.example.User $.id user.avsc:6:5 v1< v1>",
    ]


def test_a_published_file_that_became_unreadable_is_not_called_deleted(repo):
    repo.write("user.avsc", USER).commit("1").branch("change").write("user.avsc", '{"type": "record"')

    report = run(repo)

    assert told(report) == ["error truncated # user.avsc:1:18"]
    assert ledger(report) == ["user user.avsc invalid: v1"]


def test_two_files_may_continue_one_that_was_deleted(repo):
    repo.write("user.avsc", USER).commit("1").delete("user.avsc").commit("2").branch("change")
    repo.write("a/user.avsc", RENAMED)
    repo.write("b/user.avsc", USER.replace("com.example", "com.other"))

    assert ledger(run(repo)) == ["com.example.User a/user.avsc changed: v1", "com.other.User b/user.avsc new:"]


def test_an_edit_that_breaks_only_an_older_version_file_in_order_is_still_judged_against_all(repo):
    repo.write("user_v1.avsc", USER).commit("1").write("user_v2.avsc", WIDER).commit("2")
    repo.write("user_v10.avsc", record("User", id="string", email="string", nick=OPTIONAL, age=OPTIONAL)).commit("3")
    repo.branch("change").write("user_v11.avsc", record("User", id="long", email="string"))

    assert told(run(repo)) == [
        "error field-type-changed com.example.User $.id user_v11.avsc:6:28 v1< v1> v2< v2> v10< v10>"
    ]


def test_a_file_that_was_renamed_on_the_baseline_and_on_the_branch_keeps_its_versions(repo):
    fields = record("User", **LONG)
    repo.write("user.avsc", fields).commit("1").branch("change")
    repo.checkout("main").move("user.avsc", "there/user.avsc").commit("2").checkout("change")
    repo.move("user.avsc", "here/user.avsc").write("here/user.avsc", record("User", **{**LONG, "field_0": "long"}))

    report = run(repo)

    assert told(report) == ["error field-type-changed com.example.User $.field_0 here/user.avsc:6:33 v1< v1>"]


def test_published_texts_that_java_never_accepted_are_one_notice_a_file(repo):
    repo.write("user.avsc", USER).commit("1").write("user.avsc", '{"type": "record"').commit("2: broken")
    repo.write("user.avsc", record("User", id={"type": "long", "default": "x"})).commit("3: broken otherwise")
    repo.write("user.avsc", WIDER).commit("4").branch("change").write("user.avsc", RENAMED)

    notices = [f.message for f in run(repo).findings if f.rule == "version-unreadable"]

    assert notices == [
        (
            f"the text of user.avsc in {repo.sha('main~1')[:7]}, {repo.sha('main~2')[:7]} was never a schema that Avro "
            'accepts: default "x" is not an integer from -9223372036854775808 to 9223372036854775807 (line 6)'
        )
    ]


@pytest.mark.parametrize("everything", [False, True])
def test_each_of_several_files_of_one_type_keeps_its_own_lineage_when_their_directory_moves(repo, everything):
    texts = {"1/user.avsc": USER, "2/user.avsc": WIDER, "samples/small.avsc": record("User", key="long")}
    for path, text in texts.items():
        repo.write(f"schema/{path}", text)
    repo.commit("1").branch("change").write("python/0/user.avsc", record("User", other="bytes"))
    for path, text in texts.items():
        repo.delete(f"schema/{path}").write(f"python/{path}", text)

    report = run(repo.commit("2: moved"), everything=everything)

    assert [line for line in told(report) if line.startswith(("error", "inherited"))] == []
    assert {line.path: [v.published[-1].path for v in line.versions] for line in report.compared} == {
        "python/0/user.avsc": [],
        **{f"python/{path}": [f"schema/{path}"] for path in texts},
    }


def test_a_symbol_is_new_only_against_the_versions_that_the_newest_can_still_speak_to(repo):
    def grown(symbols: str) -> str:
        listed = ", ".join(f'"{symbol}"' for symbol in symbols)
        return f'{{"type": "enum", "name": "Grade",\n"namespace": "com.example",\n"symbols": [{listed}]}}\n'

    repo.write("grade.avsc", grown("A")).commit("1").write("grade.avsc", grown("AB")).commit("2").branch("change")
    repo.write("grade.avsc", grown("ABCD"))

    report = run(repo)

    assert [line for line in told(report) if "symbol" in line] == [
        "error enum-symbol-added com.example.Grade $ grade.avsc:3:12 v1> v2>",
        "inherited enum-symbol-added com.example.Grade $ grade.avsc:3:12 v1>",
    ]
    assert [f.message for f in report.findings if f.rule == "enum-symbol-added"] == [
        "`C`, `D` added to enum Grade, which older readers do not know",
        "`B` added to enum Grade, which older readers do not know",
    ]
    assert {a.reason for a in report.findings[0].against} == {"no symbol `C`, `D`, no enum default"}
