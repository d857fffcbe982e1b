package training

import "github.com/sekisho/sekisho/internal/wire"

// customers are the dummy customers (練習用のお客様) of the practice work. They
// are invented, here for good, and no file can add to them: so nobody's real
// data comes into a practice by way of a card.
var customers = map[string]wire.PracticeCustomer{
	"c01": dummy("練習 一郎", "Ichiro Renshu", "090-****-**01", "**** **** **** **01", "電気プラン（見本）", "Electricity plan (sample)", "4"),
	"c02": dummy("見本 花子", "Hanako Mihon", "080-****-**02", "**** **** **** **02", "通信プラン（見本）", "Telephone plan (sample)", "1"),
	"c03": dummy("架空 次郎", "Jiro Kaku", "070-****-**03", "**** **** **** **03", "定期便（見本）", "Subscription box (sample)", "7"),
	"c04": dummy("例題 三咲", "Misaki Reidai", "090-****-**04", "**** **** **** **04", "保険（見本）", "Insurance (sample)", "12"),
	"c05": dummy("試用 四季", "Shiki Shiyo", "080-****-**05", "**** **** **** **05", "通販会員（見本）", "Mail order member (sample)", "9"),
	"c06": dummy("仮名 五月", "Satsuki Kamei", "070-****-**06", "**** **** **** **06", "ガスプラン（見本）", "Gas plan (sample)", "3"),
	"c07": dummy("練習 六助", "Rokusuke Renshu", "090-****-**07", "**** **** **** **07", "動画配信（見本）", "Streaming (sample)", "5"),
	"c08": dummy("見本 七海", "Nanami Mihon", "080-****-**08", "**** **** **** **08", "通信プラン（見本）", "Telephone plan (sample)", "2"),
	"c09": dummy("架空 八重", "Yae Kaku", "070-****-**09", "**** **** **** **09", "旅行予約（見本）", "Travel booking (sample)", "11"),
	"c10": dummy("例題 九太", "Kyuta Reidai", "090-****-**10", "**** **** **** **10", "電気プラン（見本）", "Electricity plan (sample)", "8"),
	"c11": dummy("試用 十和", "Towa Shiyo", "080-****-**11", "**** **** **** **11", "修理受付（見本）", "Repairs (sample)", "6"),
	"c12": dummy("仮名 千尋", "Chihiro Kamei", "070-****-**12", "**** **** **** **12", "講座申込（見本）", "Course booking (sample)", "10"),
}

func dummy(ja, en, phone, card, planJA, planEN, month string) wire.PracticeCustomer {
	return wire.PracticeCustomer{
		Name: wire.Words{JA: ja, EN: en}, Phone: phone, Card: card, Plan: wire.Words{JA: planJA, EN: planEN},
		Renewal: wire.Words{JA: "****年" + month + "月**日", EN: "****-" + month + "-**"},
	}
}
