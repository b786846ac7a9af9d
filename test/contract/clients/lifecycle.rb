# frozen_string_literal: true

# Drives the life cycles of a GitLab project through the gitlab gem and checks every answer.
#
# Environment: GITLAB_URL (without /api/v4), GITLAB_TOKEN (of a Maintainer), GITLAB_PROJECT (numeric id).
require 'base64'
require 'gitlab'
require 'securerandom'
require 'time'

# Walks through the cycles; the first answer that is not as asked ends the program with status 1.
class Lifecycle
  CYCLES = %i[account members incident issue_lists labels schedules triggers hooks repository merge_requests].freeze
  FLAG = ->(value) { [true, false].include?(value) }
  RUN = SecureRandom.hex(4)

  def initialize(endpoint, token, project)
    @endpoint = endpoint
    @gitlab = Gitlab.client(endpoint: endpoint, private_token: token)
    @id = project
    @path = "/projects/#{project}"
    @passed = []
  end

  def run
    CYCLES.each { |cycle| send(cycle) }
    puts "#{@passed.size} steps"
  rescue StandardError => e
    abort "FAILED step after #{(@passed.last || 'start').inspect}: #{e.class}: #{e.message}"
  end

  private

  def check(name, got, want = true)
    abort "FAILED #{name}: got #{got.inspect}, want #{want.inspect}" unless got == want
    @passed << name
    puts "ok #{name}"
  end

  def check_types(name, answer, types)
    found = answer.to_h.transform_keys(&:to_sym)
    check name, types.reject { |key, type| type === found[key] }.to_h { |key, _| [key, found[key]] }, {}
  end

  def check_refused(name, error)
    yield
    abort "FAILED #{name}: answered, want #{error}"
  rescue error
    check name, true
  end

  def gone(name, &show) = check_refused(name, Gitlab::Error::NotFound, &show)

  def account
    @me = @gitlab.user
    check_types 'current user', @me, id: Integer, username: String, name: String, state: String, web_url: String
    project = @gitlab.project(@id)
    check 'project by id', project.id, Integer(@id)
    @main = project.default_branch
    check 'project by path', @gitlab.project(project.path_with_namespace).id, project.id
    stranger = Gitlab.client(endpoint: @endpoint, private_token: "wrong-#{RUN}")
    check_refused('wrong token', Gitlab::Error::Unauthorized) { stranger.user }
    bearer = Gitlab.client(endpoint: @endpoint, private_token: "wrong-bearer-token-#{RUN}")
    check_refused('wrong bearer token', Gitlab::Error::Unauthorized) { bearer.user }
    gone('unknown project') { @gitlab.project("nobody/#{RUN}") }
  end

  def members
    direct = @gitlab.team_members(@id).auto_paginate
    check_types 'member list', direct.first, id: Integer, username: String, access_level: Integer, state: String
    check 'member show', @gitlab.team_member(@id, direct.first.id).username, direct.first.username
    all = @gitlab.all_members(@id).auto_paginate
    check 'member list with inherited', direct.map(&:id) - all.map(&:id), []
    check 'member list has the Maintainer', all.find { |member| member.id == @me.id }.access_level >= 40
    gone('unknown member') { @gitlab.team_member(@id, 99_999_999) }
  end

  def incident
    made = @gitlab.create_issue(@id, "Disk full #{RUN}", description: "db1 is full\n/severity S2", issue_type: 'incident',
                                                         labels: "disk,late::#{RUN}", confidential: true)
    check_types 'incident create', made, id: Integer, iid: Integer, project_id: Integer, author: Hash, labels: Array,
                                         created_at: String, updated_at: String, web_url: String, confidential: FLAG
    shown = @gitlab.issue(@id, made.iid)
    check 'incident show', [shown.id, shown.state, shown.issue_type, shown.confidential], [made.id, 'opened', 'incident', true]
    check 'incident quick action', [shown.description.strip, shown.severity], ['db1 is full', 'HIGH']
    check 'incident labels', shown.labels.sort, ['disk', "late::#{RUN}"]
    edited = @gitlab.edit_issue(@id, made.iid, title: "Full & slow #{RUN}", labels: %w[db disk])
    check 'incident edit', [edited.title, edited.labels.sort], ["Full & slow #{RUN}", %w[db disk]]
    edited = @gitlab.edit_issue(@id, made.iid, add_labels: 'paged,night', remove_labels: 'disk')
    check 'incident add and remove labels', edited.labels.sort, %w[db night paged]
    closed = @gitlab.close_issue(@id, made.iid)
    check 'incident close', [closed.state, closed.closed_by.id], ['closed', @me.id]
    reopened = @gitlab.reopen_issue(@id, made.iid)
    check 'incident reopen', [reopened.state, reopened.closed_at], ['opened', nil]
    events(made.iid)
    emoji(made.iid)
    links(made.iid)
    notes(made.iid)
    deletion(made.iid)
    gone('unknown issue') { @gitlab.issue(@id, 99_999_999) }
  end

  def events(iid)
    check 'incident state events', @gitlab.issue_state_events(@id, iid).map(&:state), %w[closed reopened]
    labelled = @gitlab.issue_label_events(@id, iid).map { |event| [event['action'], event.label.name] }
    check 'incident label events', [%w[add db], %w[add paged], %w[remove disk]] - labelled, []
    check 'incident participants', @gitlab.participants_on_issue(@id, iid).map(&:username).include?(@me.username)
    check 'incident closed by', @gitlab.merge_requests_closing_issue_on_merge(@id, iid), []
    check 'incident related merge requests', @gitlab.get("#{@path}/issues/#{iid}/related_merge_requests"), []
  end

  def emoji(iid)
    award = @gitlab.create_award_emoji(@id, iid, 'issue', 'eyes')
    check_types 'emoji create', award, id: Integer, name: String, user: Hash, awardable_id: Integer
    check 'emoji list', @gitlab.award_emojis(@id, iid, 'issue').map(&:name), ['eyes']
    @gitlab.delete_award_emoji(@id, iid, 'issue', award.id)
    check 'emoji delete', @gitlab.award_emojis(@id, iid, 'issue'), []
  end

  def links(iid)
    other = @gitlab.create_issue(@id, "Cause #{RUN}").iid
    link = @gitlab.create_issue_link(@id, iid, @id, other)
    check 'link create', [link.source_issue.iid, link.target_issue.iid], [iid, other]
    listed = @gitlab.issue_links(@id, iid)
    check 'link list', listed.map { |issue| [issue.iid, issue.link_type] }, [[other, 'relates_to']]
    check 'link from the other side', @gitlab.issue_links(@id, other).map(&:iid), [iid]
    @gitlab.delete_issue_link(@id, iid, listed.first.issue_link_id)
    check 'link delete', @gitlab.issue_links(@id, iid), []
  end

  def notes(iid)
    note = @gitlab.create_issue_note(@id, iid, 'looking into it')
    check_types 'note create', note, id: Integer, body: String, author: Hash, system: FLAG, internal: FLAG, created_at: String
    listed = @gitlab.issue_notes(@id, iid, sort: 'asc', order_by: 'created_at').auto_paginate
    check 'note list', listed.map(&:id).include?(note.id)
    check 'note show', @gitlab.issue_note(@id, iid, note.id).body, 'looking into it'
    @gitlab.edit_issue_note(@id, iid, note.id, 'found it: 50% + more')
    check 'note edit', @gitlab.issue_note(@id, iid, note.id).body, 'found it: 50% + more'
    command = @gitlab.create_issue_note(@id, iid, '/severity S1')
    check 'note of commands alone has no id', command.respond_to?(:id), false
    check_types 'note of commands alone', command, commands_changes: Hash, summary: Array
    check 'note of commands alone takes effect', @gitlab.issue(@id, iid).severity, 'CRITICAL'
    internal = @gitlab.post("#{@path}/issues/#{iid}/notes", body: { body: 'a secret', internal: true })
    check 'note internal', internal.internal
    @gitlab.delete_issue_note(@id, iid, note.id)
    gone('note delete') { @gitlab.issue_note(@id, iid, note.id) }
  end

  # Owners and Planners delete issues; a Maintainer may be refused, and then the issue stays.
  def deletion(iid)
    @gitlab.delete_issue(@id, iid)
    gone('issue delete') { @gitlab.issue(@id, iid) }
  rescue Gitlab::Error::Forbidden
    check 'issue delete refused', @gitlab.issue(@id, iid).iid, iid
  end

  def issue_lists
    tags = "page-#{RUN},list-#{RUN}"
    iids = %w[issue incident issue issue issue].map.with_index do |type, number|
      @gitlab.create_issue(@id, "Page #{number}", labels: tags, issue_type: type).iid
    end
    list = ->(**filters) { @gitlab.issues(@id, { labels: tags, order_by: 'created_at', sort: 'asc' }.merge(filters)) }
    pages = list[per_page: 2]
    check 'issue first page', [pages.map(&:iid), pages.next_page?, pages.prev_page?], [iids.first(2), true, false]
    check 'issue last page', pages.last_page.map(&:iid), iids.last(1)
    check 'issue page back', pages.next_page.prev_page.map(&:iid), iids.first(2)
    check 'issue pages by offset', pages.auto_paginate.map(&:iid), iids
    check 'issue pages by key', list[pagination: 'keyset', per_page: 2].auto_paginate.map(&:iid), iids
    check 'issue pages by key, newest first', list[pagination: 'keyset', per_page: 2, sort: 'desc'].auto_paginate.map(&:iid), iids.reverse
    @gitlab.close_issue(@id, iids.first)
    check 'issue list closed', list[state: 'closed'].map(&:iid), iids.first(1)
    check 'issue list opened', list[state: 'opened'].map(&:iid), iids.drop(1)
    check 'issue list incidents', list[issue_type: 'incident'].map(&:iid), [iids[1]]
    check 'issue list by iids', list[iids: iids.first(3)].map(&:iid), iids.first(3)
    last = Time.iso8601(@gitlab.issue(@id, iids.first).updated_at)
    check 'issue list updated after', list[updated_after: (last - 86_400).iso8601].size, 5
    check 'issue list updated in future', list[updated_after: (last + 86_400).localtime('+02:00').iso8601], []
  end

  def labels
    name = "old::#{RUN}"
    label = @gitlab.create_label(@id, name, '#FF0000', description: 'to be judged')
    check_types 'label create', label, id: Integer, name: String, color: String, text_color: String, description: String
    check 'label list', @gitlab.labels(@id).auto_paginate.map(&:name).include?(name)
    check 'label show by id', @gitlab.get("#{@path}/labels/#{label.id}").name, name
    check 'label show by name', @gitlab.get("#{@path}/labels/#{@gitlab.url_encode(name)}").id, label.id
    check_refused('label twice', Gitlab::Error::Conflict) { @gitlab.create_label(@id, name, '#00FF00') }
    edited = @gitlab.edit_label(@id, name, new_name: "new::#{RUN}", color: '#0000FF')
    check 'label update', [edited.id, edited.name, edited.color.upcase], [label.id, "new::#{RUN}", '#0000FF']
    @gitlab.delete_label(@id, "new::#{RUN}")
    gone('label delete') { @gitlab.get("#{@path}/labels/#{label.id}") }
  end

  def schedules
    plan = @gitlab.create_pipeline_schedule(@id, description: "sweep #{RUN}", ref: @main, cron: '0 4 * * *',
                                                 cron_timezone: 'Europe/Berlin', active: false)
    check_types 'schedule create', plan, id: Integer, ref: String, cron: String, cron_timezone: String, owner: Hash, active: FLAG
    check 'schedule list', @gitlab.pipeline_schedules(@id).map(&:id).include?(plan.id)
    @gitlab.edit_pipeline_schedule(@id, plan.id, cron: '30 5 * * 1', active: true)
    shown = @gitlab.pipeline_schedule(@id, plan.id)
    check 'schedule update', [shown.cron, shown.active, shown.ref.split('/').last], ['30 5 * * 1', true, @main]
    check_types 'schedule next run', shown, next_run_at: String
    variables = -> { @gitlab.pipeline_schedule(@id, plan.id).variables.map { |one| [one['key'], one['value']] } }
    @gitlab.create_pipeline_schedule_variable(@id, plan.id, key: 'REASON', value: 'first')
    check 'schedule variable create', variables.call, [%w[REASON first]]
    @gitlab.edit_pipeline_schedule_variable(@id, plan.id, 'REASON', value: 'second')
    check 'schedule variable update', variables.call, [%w[REASON second]]
    @gitlab.delete_pipeline_schedule_variable(@id, plan.id, 'REASON')
    check 'schedule variable delete', variables.call, []
    check 'schedule take ownership', @gitlab.pipeline_schedule_take_ownership(@id, plan.id).owner.username, @me.username
    check 'schedule play', @gitlab.post("#{@path}/pipeline_schedules/#{plan.id}/play").message, '201 Created'
    @gitlab.delete_pipeline_schedule(@id, plan.id)
    gone('schedule delete') { @gitlab.pipeline_schedule(@id, plan.id) }
  end

  def triggers
    trigger = @gitlab.create_trigger(@id, "judge #{RUN}")
    check_types 'trigger create', trigger, id: Integer, token: String, description: String, owner: Hash, created_at: String
    check 'trigger list', @gitlab.triggers(@id).map(&:id).include?(trigger.id)
    @gitlab.update_trigger(@id, trigger.id, description: "judge twice #{RUN}")
    check 'trigger update', @gitlab.trigger(@id, trigger.id).description, "judge twice #{RUN}"
    pipeline = @gitlab.run_trigger(@id, trigger.token, @main)
    check_types 'trigger pipeline', pipeline, id: Integer, project_id: Integer, sha: String, status: String, web_url: String
    check 'trigger pipeline values', [pipeline.ref, pipeline.source], [@main, 'trigger']
    gone('trigger with unknown token') { @gitlab.run_trigger(@id, 'unknown', @main) }
    check_refused('trigger of unknown branch', Gitlab::Error::BadRequest) { @gitlab.run_trigger(@id, trigger.token, "no-#{RUN}") }
    @gitlab.remove_trigger(@id, trigger.id)
    gone('trigger delete') { @gitlab.trigger(@id, trigger.id) }
  end

  def hooks
    url = "https://#{RUN}.example.com/hook?a=1&b=2"
    hook = @gitlab.add_project_hook(@id, url, issues_events: true, note_events: false, push_events: false, token: 'secret')
    check_types 'hook create', hook, id: Integer, project_id: Integer, created_at: String, enable_ssl_verification: FLAG
    check 'hook hides its token', hook.to_h.value?('secret'), false
    check 'hook list', @gitlab.project_hooks(@id).auto_paginate.map(&:id).include?(hook.id)
    @gitlab.edit_project_hook(@id, hook.id, url, note_events: true)
    shown = @gitlab.project_hook(@id, hook.id)
    check 'hook update', [shown.url, shown.issues_events, shown.note_events, shown.push_events], [url, true, true, false]
    check 'hook events', @gitlab.get("#{@path}/hooks/#{hook.id}/events"), []
    @gitlab.delete_project_hook(@id, hook.id)
    gone('hook delete') { @gitlab.project_hook(@id, hook.id) }
  end

  def repository
    branch = "judge/#{RUN}"
    files = { "judge #{RUN}/read me.md" => "a = b & c\n", "judge #{RUN}/ü.txt" => "Grüße\n" }
    actions = files.map { |path, content| { action: 'create', file_path: path, content: content } }
    commit = @gitlab.create_commit(@id, branch, "Judge #{RUN}", actions, start_branch: @main)
    check_types 'commit create', commit, id: String, short_id: String, title: String, author_name: String, parent_ids: Array
    check 'commit show', @gitlab.commit(@id, commit.id).title, "Judge #{RUN}"
    shown = @gitlab.branch(@id, branch)
    check 'branch show', [shown.name, shown.default, shown.commit.id], [branch, false, commit.id]
    check 'branch list', [branch, @main] - @gitlab.branches(@id).auto_paginate.map(&:name), []
    files.each do |path, content|
      file = @gitlab.get_file(@id, path, branch)
      check "file show #{path[-2..]}", [file.file_path, Base64.decode64(file.content).force_encoding('UTF-8')], [path, content]
      check "file raw #{path[-2..]}", @gitlab.file_contents(@id, path, branch).dup.force_encoding('UTF-8'), content
    end
    gone('file on the other branch') { @gitlab.get_file(@id, files.keys.first, @main) }
    status = @gitlab.update_commit_status(@id, commit.id, 'success', name: 'judge', ref: branch)
    check_types 'commit status create', status, id: Integer, sha: String, ref: String, status: String, name: String, author: Hash
    check 'commit status list', @gitlab.commit_status(@id, commit.id).map { |one| [one.name, one.status] }, [%w[judge success]]
    copy = @gitlab.create_branch(@id, "#{branch}-copy", branch)
    check 'branch create', [copy.name, copy.commit.id], ["#{branch}-copy", commit.id]
    @gitlab.delete_branch(@id, copy.name)
    gone('branch delete') { @gitlab.branch(@id, copy.name) }
  end

  def merge_requests
    options = { source_branch: "judge/#{RUN}", target_branch: @main }
    @gitlab.create_merge_request(@id, "Judge #{RUN}", options) if @gitlab.merge_requests(@id, state: 'all').empty?
    listed = @gitlab.merge_requests(@id, state: 'all').first
    check_types 'merge request list', listed, id: Integer, iid: Integer, title: String, state: String, author: Hash, source_branch: String
    check 'merge request show', @gitlab.merge_request(@id, listed.iid).id, listed.id
    closing = @gitlab.merge_request_closes_issues(@id, listed.iid)
    check 'merge request closes issues', closing.all? { |issue| issue.iid.is_a?(Integer) }
  end
end

$stdout.sync = true
url, token, project = %w[GITLAB_URL GITLAB_TOKEN GITLAB_PROJECT].map { |name| ENV.fetch(name) }
Lifecycle.new("#{url}/api/v4", token, project).run
