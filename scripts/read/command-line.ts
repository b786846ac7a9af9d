/** GitLab's quick actions. Source: GitLab docs, user/project/quick_actions. */
const QUICK_ACTIONS = `add_contacts add_email approve assign assign_reviewer award blocked_by blocks cc child_of clear_health_status
clear_weight clone close confidential convert_to_ticket copy_metadata create_merge_request done draft due duplicate epic estimate
health_status iteration label labels link lock merge milestone move page parent_epic promote promote_to promote_to_incident publish
ready reassign reassign_reviewer rebase relabel relate remove_child remove_contacts remove_due_date remove_email remove_epic
remove_estimate remove_iteration remove_milestone remove_parent remove_time_spent remove_zoom reopen react set_parent severity shrug
spend status submit_review subscribe tableflip target_branch timeline title todo type unapprove unassign unassign_reviewer unlabel
unlink unlock unsubscribe weight zoom`;

/** Watchkeeper's own commands (product.md, "Commands in comments"); in a description they order nothing. */
const OURS = `ack reviewed check update false-positive resolved tracked-in handoff accept transfer major active override rca
severity-confirmed who help`;

const NAMES = new Set(`${QUICK_ACTIONS} ${OURS}`.split(/\s+/));

/** Whether a line is a command that somebody left in a text: it orders, and answers nothing. */
export function isCommandLine(line: string): boolean {
  const name = /^\/([a-z_-]+)(?=\s|$)/i.exec(line)?.[1];
  return name !== undefined && NAMES.has(name.toLowerCase());
}
