package wire

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/sekisho/sekisho"
)

// Problem is an RFC 9457 problem details object. Title says what is wrong and
// Action what to do, both in the language of the person who asked.
type Problem struct {
	Type   string `json:"type"`   // "tag:sekisho,2026:" + code
	Status int    `json:"status"` // HTTP status
	Code   string `json:"code"`   // the catalogue's key
	Title  string `json:"title"`
	Action string `json:"action"`
}

// Text is one message in both languages: what is wrong, and what to do.
type Text struct{ JA, JADo, EN, ENDo string }

// catalogues are the texts by code, one map a room (texts_<room>.go).
var catalogues = []map[string]Text{textsWire, textsGate, textsRoad, textsGuard, textsAgent, textsGround, textsDesk, textsEvidence, textsDevices, textsHouse, textsConsole, textsSeat, textsTraining, textsPosture, textsAttest, textsPeople, textsAuditing, textsClients, textsInventory, textsRoles, textsApprovals, textsReadiness, textsPractice, textsMail, textsAtHome, textsShared, textsWitness, textsIVR, textsACD, textsRecordings, textsSoftphone, textsExchange, textsTrunks}

var textsWire = map[string]Text{
	"internal":                 {"処理に失敗しました。", "少し待ってからもう一度お試しください。続くときは管理者に連絡してください。", "Something failed on our side.", "Wait a moment and try again; tell your administrator if it goes on."},
	"request.malformed":        {"送られた内容が正しくありません。", "入力を確かめてもう一度お試しください。", "The request is not well formed.", "Check what you entered and try again."},
	"request.too_large":        {"送られた内容が大きすぎます。", "小さくしてもう一度お試しください。", "The request is too large.", "Make it smaller and try again."},
	"request.busy":             {"混み合っています。", "少し待ってからもう一度お試しください。", "The server is busy.", "Wait a moment and try again."},
	"request.not_found":        {"見つかりません。", "一覧に戻って選び直してください。", "Not found.", "Go back to the list and choose again."},
	"request.denied":           {"この操作は許可されていません。", "必要なときは管理者に権限を依頼してください。", "You are not allowed to do this.", "Ask your administrator for the right if you need it."},
	"enrolment.code_malformed": {"登録コードの形が正しくありません。", "SK1- から始まるコードを、最後の文字まで貼り付けてください。", "This is not a complete enrolment code.", "Paste the whole code, from SK1- to its last letter."},
}

// TextOf looks a code up; an unknown code gets the text of "internal".
func TextOf(code string) Text {
	for _, c := range catalogues {
		if t, ok := c[code]; ok {
			return t
		}
	}
	return textsWire["internal"]
}

// StatusOf maps a kind to its HTTP status, in this one place.
func StatusOf(kind sekisho.Kind) int {
	switch kind {
	case sekisho.KindInvalid:
		return http.StatusUnprocessableEntity
	case sekisho.KindDenied:
		return http.StatusForbidden
	case sekisho.KindNotFound:
		return http.StatusNotFound
	case sekisho.KindConflict:
		return http.StatusConflict
	case sekisho.KindExpired:
		return http.StatusGone
	case sekisho.KindBusy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// ProblemOf turns an error into what a person may see of it. lang is an
// Accept-Language header; Japanese unless English is asked for first.
func ProblemOf(err error, lang string) Problem {
	code, status := sekisho.CodeOf(err), StatusOf(sekisho.KindOf(err))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		code, status = "request.too_large", http.StatusRequestEntityTooLarge
	}
	t := TextOf(code)
	p := Problem{Type: "tag:sekisho,2026:" + code, Status: status, Code: code, Title: t.JA, Action: t.JADo}
	if English(lang) {
		p.Title, p.Action = t.EN, t.ENDo
	}
	return p
}

// English says whether an Accept-Language header asks for English before Japanese.
func English(lang string) bool {
	lang = strings.ToLower(lang)
	en, ja := strings.Index(lang, "en"), strings.Index(lang, "ja")
	return en >= 0 && (ja < 0 || en < ja)
}

// FailureLevel is how loudly a failed request is logged, given the request's own
// context: a caller who went away is no failure of ours.
func FailureLevel(ctx context.Context, err error) slog.Level {
	if errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled) {
		return slog.LevelInfo
	}
	return slog.LevelError
}

// WriteProblem answers with the problem as application/problem+json and logs
// internal failures, whose cause the person never sees.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(err, r.Header.Get("Accept-Language"))
	if p.Status == http.StatusInternalServerError { // being busy is none: whoever floods a door must not fill our log
		slog.Log(r.Context(), FailureLevel(r.Context(), err), "request failed", "path", r.URL.Path, "code", p.Code, "error", err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller is gone if this fails
}
