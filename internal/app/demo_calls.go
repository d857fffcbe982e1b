package app

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/calls/trunks"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// demoNumber is invented; it rings on this machine alone.
const demoNumber calls.Number = "+81312345678"

// demoCalls let the demonstration take a call without a carrier: a trunk that hears
// this machine alone and lets nothing out, one number, a flow that sounds a chime,
// and the queue ご注文 of the first client's work, whose operators sit at home at
// PCs with keys in software.
func (h *House) demoCalls(ctx context.Context, admin sekisho.PersonID) error {
	all, err := h.clients.List(ctx)
	if err != nil || len(all) == 0 {
		return errors.Join(err, errNoDemoWork)
	}
	for _, c := range all {
		file, err := h.clients.Get(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, w := range file.Works {
			if w.Name == demoWork {
				return h.demoNumberOf(ctx, admin, c.ID, w.ID)
			}
		}
	}
	return errNoDemoWork
}

var errNoDemoWork = errors.New("app: the demonstration has no work to take calls for")

func (h *House) demoNumberOf(ctx context.Context, admin sekisho.PersonID, client sekisho.ClientID, work sekisho.WorkID) error {
	set := acd.Standard()
	set.Home, set.MinTier, set.Codes = true, sekisho.TierC, []string{"受注", "お問い合わせ", "その他"}
	q, err := h.acd.Create(ctx, admin, acd.Queue{Client: client, Work: work, Name: "ご注文", Settings: set})
	if err != nil {
		return err
	}
	flow, err := h.demoFlow(ctx, audit.Actor{Person: admin, Role: sekisho.RoleAdministrator}, client, q.ID)
	if err != nil {
		return err
	}
	line, err := h.trunks.Create(ctx, admin, trunks.Trunk{
		Name: "この機械の中だけの回線（デモ）", Kind: trunks.ByAddress, Host: "127.0.0.1", Port: 5060, Transport: trunks.UDP, Security: trunks.Clear,
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, MaxCalls: 10,
	}, "")
	if err != nil {
		return err
	}
	_, err = h.trunks.PlaceNumber(ctx, admin, trunks.Number{Number: demoNumber, Trunk: line.ID, Work: work, Flow: flow})
	return err
}

// demoFlow sounds the chime, says that calls hold no personal data (the invented
// ones do not), and waits for an operator.
func (h *House) demoFlow(ctx context.Context, admin audit.Actor, client sekisho.ClientID, q sekisho.QueueID) (sekisho.FlowID, error) {
	prompt, err := h.ivr.CreatePrompt(ctx, admin, client, "チャイム（言葉のない音）")
	if err != nil {
		return "", err
	}
	var ulaw []byte
	for _, frame := range sound.Chime(sound.Mu) {
		ulaw = append(ulaw, frame...)
	}
	if _, err := h.ivr.StorePrompt(ctx, admin, client, prompt, "ja", append(sound.WAVHeader(sound.Mu, 1, len(ulaw)), ulaw...)); err != nil {
		return "", err
	}
	id, err := h.ivr.CreateFlow(ctx, admin, client, "ご注文の受付（デモ）")
	if err != nil {
		return "", err
	}
	edit, err := h.ivr.SaveDraft(ctx, admin, id, 0, ivr.Flow{
		Start: "chime", Fallback: ivr.Fallback{Queue: q, Prompt: prompt},
		Nodes: []ivr.Node{
			{ID: "chime", Title: "チャイムを鳴らす", X: 40, Y: 40, Play: &ivr.Play{Prompt: prompt, Next: "level"}},
			{ID: "level", Title: "個人情報: なし", X: 320, Y: 40, Level: &ivr.SetLevel{Level: sekisho.LevelNone, Next: "queue"}},
			{ID: "queue", Title: "ご注文の列で待つ", X: 600, Y: 40, Queue: &ivr.Queue{Queue: q, Most: int(time.Hour / time.Second), Overflow: "end"}},
			{ID: "end", Title: "終わり", X: 880, Y: 40, Hangup: &ivr.Hangup{Prompt: prompt}},
		},
	})
	if err != nil {
		return "", err
	}
	_, faults, err := h.ivr.Publish(ctx, admin, id, edit)
	if err == nil && len(faults) > 0 {
		err = fmt.Errorf("app: the demonstration's flow: %+v", faults)
	}
	return id, err
}
