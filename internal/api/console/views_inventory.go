package console

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

// LoansView lists PCs with who has them, until when, and by what leave.
type LoansView struct {
	Page  PageView      `json:"page"`
	Loans []LoanRowView `json:"loans" nullable:"false"`
}

// LoanRowView is one PC of the list.
type LoanRowView struct {
	ID         sekisho.DeviceID `json:"id"`
	AssetTag   string           `json:"asset_tag"`
	Model      string           `json:"model"`
	Place      sekisho.Place    `json:"place" enum:"home,office"`
	Person     sekisho.PersonID `json:"person"`
	PersonName string           `json:"person_name"`
	State      string           `json:"state" enum:"registered,pending,issued,suspended,returned,revoked"`
	Since      *time.Time       `json:"since"`
	Until      string           `json:"until" doc:"last day, in Japan, or empty"`
	CodeHeld   bool             `json:"code_held" doc:"its receipt is to be confirmed"`
	Permit     *PermitView      `json:"permit" doc:"that counts now, or the next one; null without any"`
	First      bool             `json:"first" doc:"it is somebody's first PC"`
}

// LogValue hides the link between a person and a PC.
func (LoanRowView) LogValue() slog.Value { return hidden }

// PermitView is one leave to work with a PC outside the office.
type PermitView struct {
	ID           sekisho.PermitID `json:"id"`
	Where        string           `json:"where" enum:"home,approved"`
	From         string           `json:"from" doc:"first day, in Japan"`
	Until        string           `json:"until" doc:"last day, in Japan"`
	ApproverName string           `json:"approver_name"`
	State        string           `json:"state" enum:"now,ahead,over,ended"`
}

// LoanView is what is kept of one PC.
type LoanView struct {
	LoanRowView
	Items      []LoanItemView `json:"items" nullable:"false"`
	Back       *time.Time     `json:"back" doc:"when it was returned"`
	BackToName string         `json:"back_to_name"`
	Note       string         `json:"note"`
	CardMade   *time.Time     `json:"card_made" doc:"of the newest loss card; null without one"`
	CardState  string         `json:"card_state" enum:"none,open,used,withdrawn"`
	Permits    []PermitView   `json:"permits" nullable:"false"`
	Tied       []TieView      `json:"tied" nullable:"false"`
}

// LoanItemView is one accessory.
type LoanItemView struct {
	Name  string `json:"name"`
	State string `json:"state" enum:"out,back,missing,carried"`
}

// TieView is somebody whose first PC this is.
type TieView struct {
	Person sekisho.PersonID `json:"person"`
	Name   string           `json:"name"`
	Since  *time.Time       `json:"since"`
}

// LogValue hides who it is.
func (TieView) LogValue() slog.Value { return hidden }

// CardView is a loss card: shown once, and never again.
type CardView struct {
	Device     sekisho.DeviceID `json:"device"`
	AssetTag   string           `json:"asset_tag"`
	PersonName string           `json:"person_name"`
	Link       string           `json:"link"`
}

// LogValue hides the secret.
func (CardView) LogValue() slog.Value { return hidden }

// LostView says of which PC a loss card is.
type LostView struct {
	AssetTag string `json:"asset_tag"`
}

// KitView says what becomes of every row of a list of PCs.
type KitView struct {
	Encoding string       `json:"encoding" enum:"utf-8,shift_jis"`
	Seen     string       `json:"seen" doc:"name of this plan, to apply it with"`
	Refused  int          `json:"refused" doc:"while there is one, nothing is done"`
	Rows     []KitRowView `json:"rows" nullable:"false"`
}

// KitRowView is one PC of a list with its fate.
type KitRowView struct {
	Line       int                `json:"line" doc:"in the file, from 1"`
	AssetTag   string             `json:"asset_tag"`
	Model      string             `json:"model"`
	Login      string             `json:"login"`
	PersonName string             `json:"person_name"`
	Place      sekisho.Place      `json:"place" enum:",home,office"`
	Policy     sekisho.PolicyName `json:"policy"`
	Items      []string           `json:"items" nullable:"false"`
	Faults     []KitFaultView     `json:"faults" nullable:"false"`
}

// LogValue hides the person.
func (KitRowView) LogValue() slog.Value { return hidden }

// KitFaultView is what is wrong with a row, and what to do.
type KitFaultView struct {
	Field  string `json:"field" enum:",tag,model,login,place,policy,items" doc:"empty for the row as a whole"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Action string `json:"action"`
	Line   int    `json:"line" doc:"of the other row, where two are one too many; else 0"`
}

// KitSlipsView is what is printed for a kit: shown once, and never again.
type KitSlipsView struct {
	Slips []KitSlipView `json:"slips" nullable:"false"`
}

// KitSlipView is one PC's slip.
type KitSlipView struct {
	KitRowView
	Device sekisho.DeviceID `json:"device"`
	Code   string           `json:"code" doc:"enrolment code; it opens nothing until the receipt is confirmed"`
	Link   string           `json:"link" doc:"of the loss card"`
}

// LogValue hides the secrets.
func (KitSlipView) LogValue() slog.Value { return hidden }
