package connect

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
)

// examinePosture looks at what a centre may ask of a PC. What the centre of this
// one asks for nobody here knows: nothing that is found hinders by itself. The
// place is not looked at, since a PC is at home only later, and the agent's own
// version not, since it is nothing of the PC's.
func (p patient) examinePosture(ctx context.Context) (found []finding) {
	ctx, cancel := context.WithTimeout(ctx, postureWithin)
	defer cancel()
	seen := map[string]wire.PostureFinding{}
	for _, f := range p.posture(ctx).Findings {
		seen[f.Check] = f
	}
	for _, check := range wire.PostureChecks {
		if check == "place" || check == "agent_version" {
			continue
		}
		f := seen[check]
		one := finding{seen: wire.Seen{Check: check, Word: f.Seen, Value: f.Value, Names: f.Names}}
		switch f.Seen {
		case "yes":
			one.grade = healthy
		case "no":
			one.grade = doubtful
		default:
			one.seen.Word = "unknown"
		}
		found = append(found, one)
	}
	return found
}

// postureWords are the grades of what a centre may ask for, by English.
var postureWords = map[bool]map[grade]string{
	false: {unasked: "不明", healthy: "適合", doubtful: "不適合"},
	true:  {unasked: "unknown", healthy: "pass", doubtful: "FAIL"},
}

// tellAsked prints what a centre may ask for, and gives the names of what a
// strict policy could refuse the PC for: what fails, and what nobody can tell.
func tellAsked(found []finding, out io.Writer, english bool) string {
	var refusable []string
	for _, f := range found {
		if f.seen.Check == "" {
			continue
		}
		if f.seen.Check == wire.PostureChecks[0] {
			tell(out, "doctor.posture", "", english)
		}
		name, seen, do := f.seen.Words(english)
		fmt.Fprintf(out, "[%s] %s %s\n", postureWords[english][f.grade], name, seen)
		if f.grade != healthy {
			fmt.Fprintf(out, "    %s\n", do)
			refusable = append(refusable, name)
		}
	}
	separator := "、"
	if english {
		separator = ", "
	}
	return strings.Join(refusable, separator)
}
