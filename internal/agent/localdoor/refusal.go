package localdoor

import (
	"github.com/sekisho/sekisho"
)

// The door's refusals. A page sees the text of the code and never the cause.
var (
	errPort      = sekisho.Fail(sekisho.KindConflict, "local.port_taken")
	errForeign   = sekisho.Fail(sekisho.KindDenied, "local.foreign_request") // Host, Origin, Sec-Fetch-* or a service worker
	errTicket    = sekisho.Fail(sekisho.KindExpired, "local.ticket_used")
	errBearer    = sekisho.Fail(sekisho.KindDenied, "local.bearer_required")
	errAgentOnly = sekisho.Fail(sekisho.KindDenied, "local.agent_only") // composed by the agent itself, or no route of the page's
	errSession   = sekisho.Fail(sekisho.KindDenied, "session.required")
	errRelay     = sekisho.Fail(sekisho.KindBusy, "softphone.relay")
	errMalformed = sekisho.Fail(sekisho.KindInvalid, "request.malformed")
	errNotFound  = sekisho.Fail(sekisho.KindNotFound, "request.not_found")
	errRunning   = sekisho.Fail(sekisho.KindConflict, "local.agent_running") // another agent works on this state folder
	errService   = sekisho.Fail(sekisho.KindDenied, "local.service_folder")  // the folder in which another user could ask
	errNotReady  = sekisho.Fail(sekisho.KindBusy, "local.agent_absent")      // the control socket does not answer
)
