package app

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/siem"
	"github.com/sekisho/sekisho/internal/gate/reports"
)

// maxMeasured is how many of the newest ends of a period are measured, at most.
const maxMeasured = 50_000

// revocationSection tells how fast access ended, from what the log has of it:
// from the verdict to the deadline in the gate, and how long the cutting of the
// open flows took.
type revocationSection struct {
	log   *audit.Log
	parts parts
}

func (v revocationSection) Section(ctx context.Context, span reports.Span) (s reports.Section, err error) {
	part, err := v.parts.of(ctx, span.Client)
	if err != nil {
		return s, err
	}
	var verdicts, flows []float64
	sessions := 0
	f := audit.Filter{Kinds: []string{"session.ended", "flows.closed"}, From: span.From, To: span.To, Limit: 500}
	for read := 0; read < maxMeasured; {
		page, err := v.log.Page(ctx, f)
		if err != nil {
			return s, err
		}
		for _, e := range page.Entries {
			d := e.Event.Detail
			switch {
			case !part.row(e):
			case e.Event.Kind == "flows.closed":
				flows = appendNumber(flows, d["ms"])
			case byVerdict(d["state"]):
				verdicts = appendNumber(verdicts, d["after_verdict_ms"])
				fallthrough
			default:
				sessions++
			}
		}
		read += len(page.Entries)
		if f.Before = page.Next; f.Before == 0 {
			break
		}
	}
	s = reports.Section{
		Key: "revocation", Title: say("接続を閉じるまでの時間（実測）", "How fast access ended, measured"),
		Lead:  say("対象期間に監査ログへ記録された実測値です（新しいものから最大5万件）。", "Measured values from the audit log of the period (at most the newest 50,000)."),
		Facts: []reports.Fact{{Key: "revocation.sessions", Label: say("終了した接続", "Sessions that ended"), Value: times(sessions)}},
	}
	add := func(key string, ja, en string, ms []float64) {
		if len(ms) == 0 {
			return // nothing was measured: no line, not a zero
		}
		slices.Sort(ms)
		for _, q := range []struct {
			name, ja, en string
			p            float64
		}{{"p50", "中央値", "median", 0.5}, {"p99", "99%の接続", "99th percentile", 0.99}, {"max", "最大", "maximum", 1}} {
			s.Facts = append(s.Facts, reports.Fact{
				Key: key + "_" + q.name, Label: say(ja+"（"+q.ja+"）", en+" ("+q.en+")"),
				Value: say(fmt.Sprintf("%.1fミリ秒（%d件）", quantileOf(ms, q.p), len(ms)), fmt.Sprintf("%.1f ms (n = %d)", quantileOf(ms, q.p), len(ms))),
			})
		}
	}
	add("revocation.verdict", "検知の判定から接続の終了まで", "From the guard's verdict to the end", verdicts)
	add("revocation.flows", "通信の遮断にかかった時間", "Cutting of open flows", flows)
	return s, nil
}

// byVerdict says whether a session ended because of what the guard saw.
func byVerdict(state string) bool {
	s, err := sekisho.ParseState(state)
	if err != nil {
		return false
	}
	switch s {
	case sekisho.Onlooker, sekisho.Other, sekisho.Absent, sekisho.Covered, sekisho.Spoof:
		return true
	}
	return false
}

func appendNumber(to []float64, text string) []float64 {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return append(to, n)
	}
	return to
}

// quantileOf is the p-quantile of sorted values, which are not empty.
func quantileOf(sorted []float64, p float64) float64 {
	return sorted[max(int(math.Ceil(p*float64(len(sorted))))-1, 0)]
}

// accessSection counts what the log has of a period.
type accessSection struct{ log *audit.Log }

func (v accessSection) Section(ctx context.Context, span reports.Span) (s reports.Section, err error) {
	if span.Client != "" {
		return s, nil // counted over the whole log
	}
	n, err := v.log.Counts(ctx, span.From, span.To)
	if err != nil {
		return s, err
	}
	fact := func(key, ja, en string, kinds ...string) reports.Fact {
		sum := 0
		for _, k := range kinds {
			sum += int(n[k])
		}
		return reports.Fact{Key: key, Label: say(ja, en), Value: times(sum)}
	}
	return reports.Section{
		Key: "access", Title: say("アクセスの記録", "Access"),
		Lead: say("対象期間に監査ログへ記録された件数です。", "Entries of the audit log in the period."),
		Facts: []reports.Fact{
			fact("access.logins", "本人認証・ログインの成功", "Face checks and sign-ins that passed", "login.accepted"),
			fact("access.refused", "本人認証・ログイン・入口での拒否", "Refused at face check, sign-in or a door", "login.refused", "door.refused", "desktop.refused", "flows.refused"),
			fact("access.desktops", "仮想デスクトップの利用", "Desktops opened", "desktop.opened"),
			fact("access.people_changed", "利用者と権限の変更", "Changes of people and rights", "person.created", "person.changed", "person.suspended", "person.resumed", "desktop.people_changed"),
			fact("access.evidence_viewed", "記録画像の取り出し", "Sealed records fetched", "evidence.viewed"),
			fact("access.log_taken", "監査ログの書き出し", "Exports of the audit log", "audit.exported", "audit.rows_exported"),
			fact("access.reports", "報告書の作成", "Reports made", reports.KindMade),
		},
	}, nil
}

// logSection tells how the log stands.
type logSection struct {
	log  *audit.Log
	siem *siem.Stream
}

func (v logSection) Section(ctx context.Context, _ reports.Span) (s reports.Section, err error) {
	_, size, err := v.log.Head(ctx)
	if err != nil {
		return s, err
	}
	standing := say("控えられているチェックポイントと一致している", "as it is remembered")
	if !v.log.Opened() {
		standing = say("確認できないため新しい許可を止めている", "not confirmed: nothing new opens")
	}
	s = reports.Section{
		Key: "log", Title: say("監査ログ", "Audit log"),
		Lead: say("1行の改ざんや削除、巻き戻しを検出できる形（RFC 6962のマークル木）で記録しています。", "Kept as a Merkle tree (RFC 6962), in which one changed or deleted row, or a roll-back, can be detected."),
		Facts: []reports.Fact{
			{Key: "log.size", Label: say("記録の総数", "Entries"), Value: times(int(size))},
			{Key: "log.opened", Label: say("状態", "Standing"), Value: standing},
		},
	}
	if st := v.siem.State(); st.On {
		value := say(fmt.Sprintf("転送中（未転送%d件）", st.Lag()), fmt.Sprintf("passed on (%d entries wait)", st.Lag()))
		if st.Looked.IsZero() {
			value = say("まだ確認できていない", "not known yet")
		}
		if !st.Failing.IsZero() {
			value = say(fmt.Sprintf("転送できていない（未転送%d件）", st.Lag()), fmt.Sprintf("failing (%d entries wait)", st.Lag()))
		}
		s.Facts = append(s.Facts, reports.Fact{Key: "log.siem", Label: say("SIEMへの転送", "Passed on to a SIEM"), Value: value})
	}
	return s, nil
}
