package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"syscall"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// What the command line itself has to say. The rooms' own refusals pass through.
var (
	errCommand    = sekisho.Fail(sekisho.KindInvalid, "command.malformed")
	errSettings   = sekisho.Fail(sekisho.KindInvalid, "settings.malformed")
	errNotRunning = sekisho.Fail(sekisho.KindConflict, "server.not_running")
	errRunning    = sekisho.Fail(sekisho.KindConflict, "server.running")
	errPort       = sekisho.Fail(sekisho.KindConflict, "server.port_taken")
	errFile       = sekisho.Fail(sekisho.KindInvalid, "command.file")
	errNotAudit   = sekisho.Fail(sekisho.KindInvalid, "audit.file_unknown")
	errProofForm  = sekisho.Fail(sekisho.KindInvalid, "audit.proof_malformed")
	errProofAlone = sekisho.Fail(sekisho.KindInvalid, "audit.proof_alone")
	errProofEntry = sekisho.Fail(sekisho.KindInvalid, "audit.proof_entry")
	errLeafForm   = sekisho.Fail(sekisho.KindInvalid, "audit.leaf_malformed")
	errLeafAlone  = sekisho.Fail(sekisho.KindInvalid, "audit.leaf_alone")
	errNotSigned  = sekisho.Fail(sekisho.KindConflict, "audit.not_signed")
	errNotInLog   = sekisho.Fail(sekisho.KindConflict, "audit.not_included")
	errStopped    = sekisho.Fail(sekisho.KindConflict, "server.log_moved")
)

// hostProblem is what the running server answered to a command, already in the
// language of the terminal.
type hostProblem struct{ wire.Problem }

func (p *hostProblem) Error() string { return "app: the server answered " + p.Code }

// Explain prints an error as a person can use it: what is wrong, what to do,
// and for whoever helps him the cause and, last, the code.
func Explain(out io.Writer, err error, language string) {
	p, cause := wire.ProblemOf(named(err), language), fmt.Sprintln(err)
	if said, ok := errors.AsType[*hostProblem](err); ok {
		p, cause = said.Problem, ""
	}
	_, _ = fmt.Fprintf(out, "%s\n%s\n%s(%s)\n", p.Title, p.Action, cause, p.Code) // a closed pipe ends us anyway
}

// named gives the code of what the system says about files and ports, where
// nobody nearer to it has.
func named(err error) error {
	if _, ok := errors.AsType[*sekisho.Error](err); ok {
		return err
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "listen" && errors.Is(err, syscall.EADDRINUSE) {
		return errPort.Because(err)
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return errFile.Because(err)
	}
	return err
}
