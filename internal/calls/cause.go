package calls

// Cause is why a call, or one party's part in it, ended. Every call ends with
// one, and reports show it.
type Cause string

// Causes.
const (
	ByCaller       Cause = "caller"        // the caller hung up
	ByOperator     Cause = "operator"      // the operator hung up
	BySupervisor   Cause = "supervisor"    // a supervisor ended it
	ByFlow         Cause = "flow"          // the call flow came to its end
	Abandoned      Cause = "abandoned"     // the caller hung up while he waited in a queue
	ForCallback    Cause = "callback"      // the caller asked to be called back
	ToVoicemail    Cause = "voicemail"     // the caller left a message
	Transferred    Cause = "transferred"   // it was put through to a number outside
	Busy           Cause = "busy"          // the other end was engaged
	NoAnswer       Cause = "no_answer"     // nobody answered in time
	Rejected       Cause = "rejected"      // the other end refused
	Unreachable    Cause = "unreachable"   // there is no such number, or no way to it
	Forbidden      Cause = "forbidden"     // our rules refuse the number, the time or the sender
	Crowded        Cause = "crowded"       // more calls than there may be
	Cancelled      Cause = "cancelled"     // given up before an answer
	MediaLost      Cause = "media_lost"    // no sound came any more
	TrunkLost      Cause = "trunk_lost"    // the trunk or its dialog failed
	NotUnderstood  Cause = "not_supported" // no codec or no encryption in common
	ServerStopping Cause = "server"        // the server stopped
	GateClosed     Cause = "gate"          // the operator's lease ended: his part in it alone
	Replaced       Cause = "replaced"      // the same person opened his telephone in another place
)
