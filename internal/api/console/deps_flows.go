package console

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// Flows keeps call flows and what they are made of (calls/ivr).
type Flows interface {
	Flows(ctx context.Context, c sekisho.ClientID) ([]ivr.Listed, error)
	CreateFlow(ctx context.Context, by audit.Actor, c sekisho.ClientID, name string) (sekisho.FlowID, error)
	Draft(ctx context.Context, id sekisho.FlowID) (ivr.Flow, ivr.Listed, error)
	Faults(ctx context.Context, id sekisho.FlowID) ([]ivr.Fault, error)
	SaveDraft(ctx context.Context, by audit.Actor, id sekisho.FlowID, seen int, f ivr.Flow) (int, error)
	TryDraft(ctx context.Context, id sekisho.FlowID, s ivr.Script) (ivr.Trial, error)
	Publish(ctx context.Context, by audit.Actor, id sekisho.FlowID, seen int) (int, []ivr.Fault, error)
	RollBack(ctx context.Context, by audit.Actor, id sekisho.FlowID, version int) (int, []ivr.Fault, error)
	EndFlow(ctx context.Context, by audit.Actor, id sekisho.FlowID) error
	History(ctx context.Context, id sekisho.FlowID) ([]ivr.Version, error)
	Version(ctx context.Context, id sekisho.FlowID, version int) (ivr.Flow, error)

	Prompts(ctx context.Context, c sekisho.ClientID) ([]ivr.Announcement, error)
	Prompt(ctx context.Context, id sekisho.PromptID, lang string) ([]byte, error)
	CreatePrompt(ctx context.Context, by audit.Actor, c sekisho.ClientID, name string) (sekisho.PromptID, error)
	StorePrompt(ctx context.Context, by audit.Actor, c sekisho.ClientID, id sekisho.PromptID, lang string, wav []byte) (time.Duration, error)
	DeletePrompt(ctx context.Context, by audit.Actor, c sekisho.ClientID, id sekisho.PromptID) error

	Calendars(ctx context.Context, c sekisho.ClientID) ([]ivr.KeptCalendar, error)
	SaveCalendar(ctx context.Context, by audit.Actor, k ivr.KeptCalendar) (ivr.KeptCalendar, error)
	DeleteCalendar(ctx context.Context, by audit.Actor, c sekisho.ClientID, id ivr.CalendarID) error

	Hooks(ctx context.Context, c sekisho.ClientID) ([]ivr.Hook, error)
	SaveHook(ctx context.Context, by audit.Actor, h ivr.Hook) (ivr.Hook, string, error)
	DeleteHook(ctx context.Context, by audit.Actor, c sekisho.ClientID, id ivr.HookID) error

	// QueuesOf names the queues of a client company that take calls (calls/acd).
	QueuesOf(ctx context.Context, c sekisho.ClientID) ([]FlowTargetView, error)
}
