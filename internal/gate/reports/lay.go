package reports

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"github.com/sekisho/sekisho/internal/foundation/papers"
)

var (
	//go:embed page/report.html
	pageText string
	//go:embed page/report.css
	pageStyle string
)

// pageData is what a report shows, in whichever format.
type pageData struct {
	Language   string
	Style      template.CSS // of the page alone
	StyleHash  string
	Report     Report
	Centre     Centre
	Part       bool // of one client, not the whole centre
	At         string
	Sections   []Section
	Chapters   []chapter
	Checkpoint string
	Key        string
	Version    string
}

// lay writes the report's body.
func lay(d pageData) ([]byte, error) {
	if d.Report.Format == PDF {
		return papers.Make(d.paper())
	}
	return d.page()
}

// page writes HTML. It loads nothing and runs nothing: its own policy allows its
// one style alone.
func (d pageData) page() ([]byte, error) {
	say := func(name string) (string, error) {
		text, ok := words[name]
		if !ok {
			return "", fmt.Errorf("reports: the page has no words for %q", name)
		}
		return text.In(d.Language), nil
	}
	page, err := template.New("report").Funcs(template.FuncMap{
		"say": say, "in": func(t Text) string { return t.In(d.Language) },
	}).Parse(pageText)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(pageStyle))
	d.Style, d.StyleHash = template.CSS(pageStyle), base64.StdEncoding.EncodeToString(sum[:])
	var b bytes.Buffer
	err = page.Execute(&b, d)
	return b.Bytes(), err
}

// words are the page's own texts.
var words = map[string]Text{
	"title":        {"在宅コンタクトセンター 安全管理報告書", "Security report of the contact centre at home"},
	"honorific":    {"御中", ""},
	"from":         {"報告者", "From"},
	"responsible":  {"個人情報の取り扱いの責任者", "Responsible for personal data"},
	"contact":      {"連絡先", "Contact"},
	"span":         {"対象期間", "Period"},
	"until":        {"から", "to"},
	"made":         {"作成日時（日本時間）", "Made at (Japan time)"},
	"id":           {"報告書の番号", "Report number"},
	"scope":        {"この報告書は、センター全体についてのものです。数値は作成時にシステムの記録から取り出したもので、手で入力したものはありません。", "This report is about the whole centre. Its figures were taken from the system's own records when it was made; none was typed in."},
	"scope.part":   {"この報告書は、宛先の委託元の業務を担当する人と、そのPC・検知・接続についてのものです。監査ログの状態はセンター全体のものです。数値は作成時にシステムの記録から取り出したもので、手で入力したものはありません。", "This report is about the people on the addressee's works, their PCs, incidents and sessions; the standing of the audit log is the whole centre's. Its figures were taken from the system's own records when it was made; none was typed in."},
	"signed":       {"この報告書の作成は監査ログに記録され、その証明がファイルの末尾に付いています。1文字でも変わると検証に失敗します。", "The making of this report is in the audit log, and the proof of it stands at the end of this file. If a single character changes, verification fails."},
	"controls":     {"管理策との対応", "Map of controls"},
	"controls.not": {"この表は、対応する事実を示すものです。規格への適合を証明するものではありません。", "This table names the facts that answer each control. It does not certify conformity."},
	"ref":          {"番号", "No."},
	"control":      {"管理策", "Control"},
	"fact":         {"事実（作成時点）", "Fact, when this was made"},
	"no.fact":      {"対応する事実はまだありません", "No live fact yet"},
	"verify":       {"検証のしかた", "How to check this report"},
	"verify.how":   {"サーバーに接続せずに、お手元のPCで次のコマンドを実行してください。KEYには、この報告書とは別の経路で受け取った検証鍵を使ってください。", "Run this command on your own machine; it needs no server. For KEY, use the verifier key that was given to you by another way than this report."},
	"checkpoint":   {"作成時の監査ログのチェックポイント", "Checkpoint of the audit log when this was made"},
	"key":          {"検証鍵（照合用）", "Verifier key (to compare)"},
	"print":        {"印刷またはPDF保存には、ブラウザーの印刷機能を使ってください。印刷物は検証できないため、このHTMLファイルも保管してください。", "Use your browser's print function for paper or PDF. Paper cannot be verified: keep this HTML file too."},
	"keep":         {"受け取ったPDFファイルをそのまま保管してください。印刷したものや、保存し直したものは検証できません。", "Keep this PDF file as you received it: paper, and a file that was saved anew, cannot be verified."},
	"to":           {"宛先", "To"},
	"about":        {"対象", "About"},
	"proof":        {"署名", "Signature"},
	"item":         {"項目", "Item"},
	"value":        {"内容", "Value"},
	"command":      {"コマンド", "Command"},
	"none":         {"該当はありません。", "There are none."},
	"made.by":      {"作成: 関所 Sekisho", "Made by Sekisho"},
}
