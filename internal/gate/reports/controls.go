package reports

import "slices"

// control is one line of the map: what a standard asks for, and which live
// facts of this report answer it. Where none of them is in the report the line
// says that there is none yet.
type control struct {
	standard string
	ref      string
	title    Text
	facts    []string
}

// Standards, as the map names them. For JIS Q 15001 the map names the measure
// and not a clause: its numbers changed from the edition of 2017 to that of 2023.
const (
	iso  = "ISO/IEC 27001:2022"
	jis  = "JIS Q 15001"
	pci  = "PCI DSS v4.0.1"
	four = "four"
)

// standards in the order of the report, with what each is called.
var standards = []struct {
	key  string
	name Text
}{
	{iso, Text{"ISO/IEC 27001:2022 附属書A", "ISO/IEC 27001:2022 Annex A"}},
	{jis, Text{"JIS Q 15001（個人情報保護マネジメントシステム）", "JIS Q 15001 (personal information protection)"}},
	{pci, Same("PCI DSS v4.0.1")},
	{four, Text{"4つの対策（技術的・物理的・人的・組織的）", "The four blocks (technical, physical, human, organisational)"}},
}

var controls = []control{
	{iso, "A.5.11", Text{"資産の返却", "Return of assets"}, []string{"pcs.returned"}},
	{iso, "A.5.15", Text{"アクセス制御", "Access control"}, []string{"access.logins", "access.refused"}},
	{iso, "A.5.16", Text{"識別情報の管理", "Identity management"}, []string{"people.active"}},
	{iso, "A.5.18", Text{"アクセス権", "Access rights"}, []string{"people.administrators", "access.people_changed"}},
	{iso, "A.5.24", Text{"情報セキュリティインシデント管理の計画及び準備", "Information security incident management planning and preparation"}, []string{"incidents.total"}},
	{iso, "A.5.25", Text{"情報セキュリティ事象の評価及び決定", "Assessment and decision on information security events"}, []string{"incidents.decided", "incidents.undecided"}},
	{iso, "A.5.28", Text{"証拠の収集", "Collection of evidence"}, []string{"incidents.evidence_missing", "access.evidence_viewed"}},
	{iso, "A.6.3", Text{"情報セキュリティの意識向上、教育及び訓練", "Information security awareness, education and training"}, []string{"training.passed"}},
	{iso, "A.6.7", Text{"リモートワーク", "Remote working"}, []string{"pcs.home", "revocation.sessions"}},
	{iso, "A.7.7", Text{"クリアデスク・クリアスクリーン", "Clear desk and clear screen"}, []string{"revocation.verdict_p99"}},
	{iso, "A.7.9", Text{"構外にある資産のセキュリティ", "Security of assets off-premises"}, []string{"pcs.home", "pcs.revoked"}},
	{iso, "A.8.1", Text{"利用者エンドポイント機器", "User end point devices"}, []string{"pcs.issued", "posture.passed"}},
	{iso, "A.8.5", Text{"セキュリティを保った認証", "Secure authentication"}, []string{"pcs.hardware_keys", "access.logins"}},
	{iso, "A.8.15", Text{"ログ取得", "Logging"}, []string{"log.size", "log.opened"}},
	{iso, "A.8.16", Text{"監視活動", "Monitoring activities"}, []string{"log.siem"}},

	{jis, "", Text{"安全管理措置", "Security control action"}, []string{"pcs.issued", "access.refused", "log.opened"}},
	{jis, "", Text{"従業者の監督", "Supervision of employees"}, []string{"incidents.total", "people.active"}},
	{jis, "", Text{"認識（教育）", "Awareness (education)"}, []string{"training.passed"}},
	{jis, "", Text{"委託元への報告（委託先の監督への協力）", "Reporting to the client company"}, []string{"access.reports"}},
	{jis, "", Text{"記録の管理", "Control of records"}, []string{"log.size"}},

	{pci, "7.2", Text{"システムコンポーネントとデータへのアクセスの適切な定義と割り当て", "Access to system components and data is appropriately defined and assigned"}, []string{"people.active", "people.administrators"}},
	{pci, "8.2", Text{"利用者の識別とアカウントの管理", "User identification and related accounts are strictly managed"}, []string{"people.active", "access.people_changed"}},
	{pci, "8.4", Text{"多要素認証", "Multi-factor authentication"}, []string{"pcs.hardware_keys", "access.logins"}},
	{pci, "10.2", Text{"監査ログの取得", "Audit logs are implemented"}, []string{"log.size"}},
	{pci, "10.3", Text{"監査ログの保護", "Audit logs are protected from destruction and unauthorized modifications"}, []string{"log.opened", "log.siem"}},
	{pci, "10.4", Text{"監査ログのレビュー", "Audit logs are reviewed"}, []string{"access.log_taken"}},
	{pci, "10.7", Text{"重要なセキュリティ管理の故障の検出", "Failures of critical security control systems are detected"}, []string{"log.siem", "incidents.evidence_missing"}},
	{pci, "12.6", Text{"セキュリティ意識向上教育", "Security awareness education"}, []string{"training.passed"}},
	{pci, "12.10", Text{"インシデントへの即時対応", "Suspected and confirmed security incidents are responded to immediately"}, []string{"incidents.decided", "revocation.verdict_p99"}},

	{four, "", Text{"技術的対策: 貸与PCだけが接続できる", "Technical: only issued PCs connect"}, []string{"pcs.hardware_keys", "pcs.software_keys"}},
	{four, "", Text{"技術的対策: 本人がいない画面を閉じる", "Technical: a screen without its operator closes"}, []string{"revocation.verdict_p99", "revocation.flows_p99"}},
	{four, "", Text{"技術的対策: 端末の安全状態", "Technical: posture of the PCs"}, []string{"posture.passed"}},
	{four, "", Text{"物理的対策: PCの貸与と返却、紛失への対応", "Physical: issue, return and loss of PCs"}, []string{"pcs.issued", "pcs.returned", "pcs.revoked"}},
	{four, "", Text{"物理的対策: のぞき見の検知", "Physical: onlookers are detected"}, []string{"incidents.total"}},
	{four, "", Text{"人的対策: 教育と理解度テスト", "Human: training and quizzes"}, []string{"training.passed"}},
	{four, "", Text{"人的対策: 規程への同意", "Human: rule documents acknowledged"}, []string{"rules.acknowledged"}},
	{four, "", Text{"組織的対策: 役割と権限", "Organisational: roles and rights"}, []string{"people.administrators"}},
	{four, "", Text{"組織的対策: 検知の判断", "Organisational: incidents are decided"}, []string{"incidents.decided", "incidents.undecided"}},
	{four, "", Text{"組織的対策: 監査できる記録", "Organisational: records that can be audited"}, []string{"log.size", "log.opened"}},
}

// FactKeys are the keys of every fact that a control names, each once.
func FactKeys() (out []string) {
	for _, c := range controls {
		out = append(out, c.facts...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// answered is a control with the facts that this report has for it.
type answered struct {
	Ref   string
	Title Text
	Facts []Fact
}

type chapter struct {
	Name     Text
	Numbered bool // its lines have numbers
	Lines    []answered
}

// answer fills the map with the facts of the sections.
func answer(sections []Section) []chapter {
	known := map[string]Fact{}
	for _, s := range sections {
		for _, f := range s.Facts {
			known[f.Key] = f
		}
	}
	out := make([]chapter, 0, len(standards))
	for _, st := range standards {
		c := chapter{Name: st.name}
		for _, one := range controls {
			if one.standard != st.key {
				continue
			}
			c.Numbered = c.Numbered || one.ref != ""
			line := answered{Ref: one.ref, Title: one.title}
			for _, key := range one.facts {
				if f, ok := known[key]; ok {
					line.Facts = append(line.Facts, f)
				}
			}
			c.Lines = append(c.Lines, line)
		}
		out = append(out, c)
	}
	return out
}
