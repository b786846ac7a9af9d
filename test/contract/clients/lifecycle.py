"""Drives the life cycles of a GitLab project through python-gitlab and checks every answer.

Environment: GITLAB_URL (without /api/v4), GITLAB_TOKEN (of a Maintainer), GITLAB_PROJECT (numeric id).
"""
import os
import sys
import warnings
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import gitlab
from gitlab.exceptions import GitlabAuthenticationError, GitlabCreateError, GitlabDeleteError, GitlabGetError

URL, TOKEN, PROJECT = (os.environ[name] for name in ("GITLAB_URL", "GITLAB_TOKEN", "GITLAB_PROJECT"))
RUN = uuid4().hex[:8]
passed = []


def check(name, got, want=True):
    if got != want:
        sys.exit(f"FAILED {name}: got {got!r}, want {want!r}")
    passed.append(name)
    print("ok", name, flush=True)


def check_types(name, answer, /, **types):
    check(name, {key: answer.get(key) for key, kind in types.items() if not isinstance(answer.get(key), kind)}, {})


def check_refused(name, error, code, call):
    try:
        call()
    except error as refusal:
        return check(name, refusal.response_code, code)
    sys.exit(f"FAILED {name}: answered, want {error.__name__} {code}")


def account(gl, project):
    gl.auth()
    check_types("current user", gl.user.attributes, id=int, username=str, name=str, state=str, web_url=str)
    bearer = gitlab.Gitlab(URL, oauth_token=TOKEN)
    bearer.auth()
    check("current user by bearer token", bearer.user.id, gl.user.id)
    check("project by id", project.id, int(PROJECT))
    check_types("project types", project.attributes, path_with_namespace=str, default_branch=str, web_url=str)
    check("project by path", gl.projects.get(project.path_with_namespace).id, project.id)
    stranger = gitlab.Gitlab(URL, private_token=f"wrong-{RUN}")
    check_refused("wrong token", GitlabAuthenticationError, 401, stranger.auth)
    check_refused("unknown project", GitlabGetError, 404, lambda: gl.projects.get(f"nobody/{RUN}"))


def members(gl, project):
    direct = project.members.list(get_all=True)
    check_types("member list", direct[0].attributes, id=int, username=str, access_level=int, state=str)
    check("member show", project.members.get(direct[0].id).username, direct[0].username)
    everybody = {member.id for member in project.members_all.list(get_all=True)}
    check("member list with inherited", everybody >= {member.id for member in direct})
    check("member show with inherited", project.members_all.get(gl.user.id).access_level >= gitlab.const.AccessLevel.MAINTAINER)
    check_refused("unknown member", GitlabGetError, 404, lambda: project.members.get(99999999))


def incident(gl, project):
    given = {"title": f"Disk full {RUN}", "description": "db1 is full\n/severity S2", "issue_type": "incident",
             "labels": ["disk", f"late::{RUN}"], "confidential": True}
    made = project.issues.create(given)
    check_types("incident create", made.attributes, id=int, iid=int, project_id=int, author=dict, labels=list, assignees=list,
                created_at=str, updated_at=str, web_url=str, user_notes_count=int, references=dict, time_stats=dict)
    shown = project.issues.get(made.iid)
    check("incident show", (shown.id, shown.state, shown.issue_type, shown.confidential), (made.id, "opened", "incident", True))
    check("incident quick action", (shown.description.strip(), shown.severity), ("db1 is full", "HIGH"))
    check("incident labels", sorted(shown.labels), sorted(given["labels"]))
    shown.title = f"Disk full again {RUN}"
    shown.labels.append("db")
    shown.save()
    check("incident edit", (shown.title, sorted(shown.labels)), (f"Disk full again {RUN}", sorted([*given["labels"], "db"])))
    project.issues.update(shown.iid, {"add_labels": "paged,night", "remove_labels": f"disk,late::{RUN}"})
    shown = project.issues.get(shown.iid)
    check("incident add and remove labels", sorted(shown.labels), ["db", "night", "paged"])
    for event, state, has_closer in (("close", "closed", True), ("reopen", "opened", False)):
        shown.state_event = event
        shown.save()
        check(f"incident {event}", (shown.state, bool(shown.closed_at)), (state, has_closer))
    check("incident state events", [event.state for event in shown.resourcestateevents.list(get_all=True)], ["closed", "reopened"])
    labelled = {(event.action, event.label["name"]) for event in shown.resourcelabelevents.list(get_all=True)}
    check("incident label events", labelled >= {("add", "db"), ("add", "paged"), ("remove", "disk")})
    check("incident participants", gl.user.username in [user["username"] for user in shown.participants()])
    check("incident closed by", shown.closed_by(), [])
    check("incident related merge requests", shown.related_merge_requests(), [])
    for cycle in (emoji, links, notes, deletion):
        cycle(project, shown)
    check_refused("unknown issue", GitlabGetError, 404, lambda: project.issues.get(99999999))


def emoji(_, issue):
    award = issue.awardemojis.create({"name": "eyes"})
    check_types("emoji create", award.attributes, id=int, name=str, user=dict, awardable_id=int, awardable_type=str)
    check("emoji list", [given.name for given in issue.awardemojis.list(get_all=True)], ["eyes"])
    award.delete()
    check("emoji delete", issue.awardemojis.list(get_all=True), [])


def links(project, issue):
    other = project.issues.create({"title": f"Cause {RUN}"})
    source, target = issue.links.create({"target_project_id": project.id, "target_issue_iid": other.iid})
    check("link create", (source.iid, target.iid), (issue.iid, other.iid))
    linked = issue.links.list(get_all=True)
    check("link list", [(link.iid, link.link_type) for link in linked], [(other.iid, "relates_to")])
    check("link from the other side", [link.iid for link in other.links.list(get_all=True)], [issue.iid])
    linked[0].delete()
    check("link delete", issue.links.list(get_all=True), [])


def notes(project, issue):
    note = issue.notes.create({"body": "looking into it"})
    check_types("note create", note.attributes, id=int, body=str, author=dict, system=bool, internal=bool, created_at=str, noteable_iid=int)
    check("note list", note.id in [known.id for known in issue.notes.list(get_all=True, sort="asc", order_by="created_at")])
    check("note show", issue.notes.get(note.id).body, "looking into it")
    note.body = "found it"
    note.save()
    check("note edit", issue.notes.get(note.id).body, "found it")
    command = issue.notes.create({"body": "/severity S1"})
    check("note of commands alone has no id", command.get_id(), None)
    check_types("note of commands alone", command.attributes, commands_changes=dict, summary=list)
    check("note of commands alone takes effect", project.issues.get(issue.iid).severity, "CRITICAL")
    check("note internal", issue.notes.create({"body": "a secret", "internal": True}).internal)
    note.delete()
    check_refused("note delete", GitlabGetError, 404, lambda: issue.notes.get(note.id))


def deletion(project, issue):
    """Owners and Planners delete issues; a Maintainer may be refused, and then the issue stays."""
    try:
        issue.delete()
    except GitlabDeleteError as refusal:
        check("issue delete refused", refusal.response_code, 403)
        check("issue stays", project.issues.get(issue.iid).id, issue.id)
    else:
        check_refused("issue delete", GitlabGetError, 404, lambda: project.issues.get(issue.iid))


def issue_lists(_, project):
    tags = [f"page-{RUN}", f"list-{RUN}"]
    made = [project.issues.create({"title": f"Page {n}", "labels": tags, "issue_type": kind})
            for n, kind in enumerate(["issue", "incident", "issue", "issue", "issue"])]
    iids = [issue.iid for issue in made]
    listed = partial(project.issues.list, labels=tags)
    in_order = partial(listed, order_by="created_at", sort="asc")
    check("issue list of all pages", [issue.iid for issue in in_order(get_all=True, per_page=2)], iids)
    pages = in_order(iterator=True, per_page=2)
    check("issue page headers", (pages.total, pages.total_pages, pages.per_page, pages.current_page, pages.next_page, pages.prev_page),
          (5, 3, 2, 1, 2, None))
    check("issue pages by offset", [issue.iid for issue in pages], iids)
    check("issue third page", [issue.iid for issue in in_order(page=3, per_page=2)], iids[4:])
    by_key = partial(listed, iterator=True, pagination="keyset", order_by="created_at", per_page=2)
    check("issue pages by key", [issue.iid for issue in by_key(sort="asc")], iids)
    check("issue pages by key, newest first", [issue.iid for issue in by_key(sort="desc")], iids[::-1])
    check("issue total by HEAD", project.issues.head(labels=",".join(tags))["X-Total"], "5")
    project.issues.update(iids[0], {"state_event": "close"})
    check("issue list closed", [issue.iid for issue in listed(state="closed", get_all=True)], iids[:1])
    check("issue list opened", len(listed(state="opened", get_all=True)), 4)
    check("issue list incidents", [issue.iid for issue in listed(issue_type="incident", get_all=True)], iids[1:2])
    check("issue list by iids", sorted(issue.iid for issue in project.issues.list(iids=iids[:3], get_all=True)), iids[:3])
    last = datetime.fromisoformat(project.issues.get(iids[0]).updated_at.replace("Z", "+00:00"))
    before, after = (last + timedelta(days=days) for days in (-1, 1))
    check("issue list updated after", len(listed(updated_after=before.isoformat(), get_all=True)), 5)
    check("issue list updated in future", listed(updated_after=after.isoformat(), get_all=True), [])


def labels(_, project):
    name, new_name = f"old::{RUN} a/b", f"new::{RUN} a/b"
    label = project.labels.create({"name": name, "color": "#FF0000", "description": "to be judged"})
    check_types("label create", label.attributes, id=int, name=str, color=str, text_color=str, description=str)
    check("label list", name in [known.name for known in project.labels.list(get_all=True)])
    check("label show by id", project.labels.get(label.id).name, name)
    check("label show by name", project.labels.get(name).id, label.id)
    check_refused("label twice", GitlabCreateError, 409, lambda: project.labels.create({"name": name, "color": "#00FF00"}))
    label.color, label.new_name = "#0000FF", new_name
    label.save()
    check("label update", (label.name, label.color.upper()), (new_name, "#0000FF"))
    label.delete()
    check_refused("label delete", GitlabGetError, 404, lambda: project.labels.get(new_name))


def schedules(gl, project):
    plan = project.pipelineschedules.create({"description": f"sweep {RUN}", "ref": project.default_branch, "cron": "0 4 * * *",
                                             "cron_timezone": "Europe/Berlin", "active": False})
    check_types("schedule create", plan.attributes, id=int, description=str, ref=str, cron=str, cron_timezone=str, owner=dict)
    check("schedule list", plan.id in [known.id for known in project.pipelineschedules.list(get_all=True)])
    plan.cron, plan.active = "30 5 * * 1", True
    plan.save()
    shown = project.pipelineschedules.get(plan.id)
    check("schedule update", (shown.cron, shown.active, shown.ref.split("/")[-1]), ("30 5 * * 1", True, project.default_branch))
    check_types("schedule next run", shown.attributes, next_run_at=str)
    variable = plan.variables.create({"key": "REASON", "value": "first"})
    check("schedule variable create", (variable.key, variable.value), ("REASON", "first"))
    variable.value = "second"
    variable.save()
    known = project.pipelineschedules.get(plan.id).attributes["variables"]
    check("schedule variable update", [(one["key"], one["value"]) for one in known], [("REASON", "second")])
    variable.delete()
    check("schedule variable delete", project.pipelineschedules.get(plan.id).attributes["variables"], [])
    plan.take_ownership()
    check("schedule take ownership", plan.owner["username"], gl.user.username)
    check("schedule play", plan.play(), {"message": "201 Created"})
    project.pipelineschedules.delete(shown.id)
    check_refused("schedule delete", GitlabGetError, 404, lambda: project.pipelineschedules.get(shown.id))


def triggers(gl, project):
    trigger = project.triggers.create({"description": f"judge {RUN}"})
    check_types("trigger create", trigger.attributes, id=int, token=str, description=str, owner=dict, created_at=str, updated_at=str)
    check("trigger list", trigger.id in [known.id for known in project.triggers.list(get_all=True)])
    trigger.description = f"judge twice {RUN}"
    trigger.save()
    shown = project.triggers.get(trigger.id)
    check("trigger update", (shown.description, shown.owner["username"]), (f"judge twice {RUN}", gl.user.username))
    pipeline = project.trigger_pipeline(project.default_branch, trigger.token)
    check_types("trigger pipeline", pipeline.attributes, id=int, sha=str, status=str, web_url=str)
    check("trigger pipeline values", (pipeline.ref, pipeline.source, pipeline.project_id), (project.default_branch, "trigger", project.id))
    start = project.trigger_pipeline
    check_refused("trigger with unknown token", GitlabCreateError, 404, lambda: start(project.default_branch, "unknown"))
    check_refused("trigger of unknown branch", GitlabCreateError, 400, lambda: start(f"no-{RUN}", trigger.token))
    hooks(gl, project, trigger.token)
    trigger.delete()
    check_refused("trigger delete", GitlabGetError, 404, lambda: project.triggers.get(trigger.id))


def hooks(gl, project, token):
    url = f"{URL}/api/v4/projects/{project.id}/ref/{project.default_branch}/trigger/pipeline?token={{trigger_token}}"
    hook = project.hooks.create({"url": url, "url_variables": [{"key": "trigger_token", "value": token}], "issues_events": True,
                                 "note_events": False, "push_events": False})
    check_types("hook create", hook.attributes, id=int, project_id=int, created_at=str, alert_status=str, enable_ssl_verification=bool)
    check("hook list", hook.id in [known.id for known in project.hooks.list(get_all=True)])
    hook.note_events = True
    hook.save()
    shown = project.hooks.get(hook.id)
    check("hook update", (shown.url, shown.issues_events, shown.note_events, shown.push_events), (url, True, True, False))
    path = f"{project.hooks.path}/{hook.id}"
    set_spare = gl.http_request("put", f"{path}/url_variables/spare", post_data={"value": "secret"})
    check("hook URL variable set", set_spare.status_code, 204)
    keys = [variable["key"] for variable in gl.http_get(path)["url_variables"]]
    check("hook URL variables", sorted(keys), ["spare", "trigger_token"])
    check("hook URL variable delete", gl.http_delete(f"{path}/url_variables/spare").status_code, 204)
    check("hook test", gl.http_post(f"{path}/test/issues_events"), {"message": "201 Created"})
    event = gl.http_list(f"{path}/events", get_all=True)[0]
    check("hook events", (event["trigger"], str(event["response_status"]), token in str(event)), ("issue_hooks", "201", False))
    check("hook resend", gl.http_post(f"{path}/events/{event['id']}/resend"), {"response_status": 201})
    hook.delete()
    check_refused("hook delete", GitlabGetError, 404, lambda: project.hooks.get(hook.id))


def repository(gl, project):
    branch, path, text = f"judge/{RUN}", f"judge {RUN}/read me.md", "Grüße\n"
    change = {"action": "create", "file_path": path, "content": text}
    commit = project.commits.create({"branch": branch, "start_branch": project.default_branch,
                                     "commit_message": f"Judge {RUN}", "actions": [change]})
    check_types("commit create", commit.attributes, id=str, short_id=str, title=str, author_name=str, parent_ids=list, created_at=str)
    check("commit show", project.commits.get(commit.id).title, f"Judge {RUN}")
    shown = project.branches.get(branch)
    check("branch show", (shown.name, shown.default, shown.commit["id"]), (branch, False, commit.id))
    check("branch list", {branch, project.default_branch} <= {known.name for known in project.branches.list(get_all=True)})
    file = project.files.get(path, ref=branch)
    check("file show", (file.file_path, file.encoding, file.decode().decode()), (path, "base64", text))
    check("file raw", project.files.raw(path, ref=branch).decode(), text)
    check_refused("file on the other branch", GitlabGetError, 404, lambda: project.files.get(path, ref=project.default_branch))
    status = commit.statuses.create({"state": "success", "name": "judge", "description": "as asked", "ref": branch})
    check_types("commit status create", status.attributes, id=int, sha=str, ref=str, status=str, name=str, author=dict)
    check("commit status list", [(one.name, one.status) for one in commit.statuses.list(get_all=True)], [("judge", "success")])
    merge_requests(project, branch)
    shown.delete()
    check_refused("branch delete", GitlabGetError, 404, lambda: project.branches.get(branch))


def merge_requests(project, branch):
    if not project.mergerequests.list(state="all", get_all=True):
        project.mergerequests.create({"source_branch": branch, "target_branch": project.default_branch, "title": f"Judge {RUN}"})
    listed = project.mergerequests.list(state="all", get_all=True)
    check_types("merge request list", listed[0].attributes, id=int, iid=int, title=str, state=str, author=dict, source_branch=str)
    shown = project.mergerequests.get(listed[0].iid)
    check("merge request show", (shown.id, shown.project_id), (listed[0].id, project.id))
    check("merge request closes issues", all(isinstance(issue.iid, int) for issue in shown.closes_issues()))


def main():
    warnings.simplefilter("error", UserWarning)  # the client warns of links to another host and of lists cut short
    gl = gitlab.Gitlab(URL, private_token=TOKEN)
    try:
        project = gl.projects.get(int(PROJECT))
        for cycle in (account, members, incident, issue_lists, labels, schedules, triggers, repository):
            cycle(gl, project)
    except Exception as error:
        sys.exit(f"FAILED step after {(passed or ['start'])[-1]!r}: {type(error).__name__}: {error}")
    print(len(passed), "steps")


if __name__ == "__main__":
    main()
