/**
 * leaked are words that passwords in Japan, and in contact centres, are built around,
 * written down by hand beside the counted list (leakedSet.ts): names of people and
 * places, seasons, food, animals and teams in romaji, the words of our own trade, the
 * keyboard. What people add to them is taken away before a password is looked up
 * here (cores.ts). It is no full list, and the documentation says so.
 */
export const leaked: ReadonlySet<string> = new Set(
  `
  abc abcabc abcd abcdef abcdefg access account admin administrator adminadmin aikawa aishiteru akira android asdf asdfgh asdfghjkl august autumn
  april february january july june march october november december september monday tuesday wednesday thursday friday saturday sunday
  changeme company computer corona covid default demo guest login office operator passcode passw passwd passwort pass password postgres root server service
  secret secure security sqlserver supervisor support sysadmin system temp temporary test tester testtest user username welcome windows letmein letmeinnow
  qazwsx qwe qwer qwert qwerty qwertyuiop qwertz zaq zaqwsx zxcvbn zxcvbnm trustno trustnoone gfhjkm
  callcenter callcentre contactcenter contactcentre helpdesk servicedesk headset inbound outbound telework terework remote remotework zaitaku zaitakukinmu
  sekisho kanri kanrisha kanrininsama tantou tantousha jimu jimusho kaisha shain shachou buchou kachou honsha shisha eigyou keiri soumu jinji denwa madoguchi
  okyakusama kokyaku otoiawase uketsuke juchuu hacchuu hassou shift kinmu shigoto arubaito haken operatorone
  pasuwado pasuwaado anshou angou himitsu nyuusha nyuushitsu nyuukoku tsuukou tegata kagi

  satou sato suzuki takahashi tanaka itou ito watanabe yamamoto nakamura kobayashi katou kato yoshida yamada sasaki yamaguchi matsumoto inoue kimura hayashi
  saitou saito shimizu yamazaki yamasaki mori ikeda hashimoto abe ishikawa yamashita nakajima nakashima ishii ogawa maeda okada hasegawa fujita gotou goto kondou
  kondo murakami endou endo aoki sakamoto saitoh fukuda oota ota nishimura fujii fujiwara okamoto miura kaneko nakagawa nakano harada matsuda takeuchi ono tamura
  nakayama wada ishida morita ueda uchida shibata sakai kudou kudo yokoyama miyazaki miyamoto uchiyama takagi andou ando taniguchi oono maruyama imai kouno kono
  fujimoto murata takeda ueno sugiyama masuda sugawara hirano ootsuka kojima chiba kubo matsui iwasaki sakurai kinoshita noguchi matsuo kikuchi nomura arai
  hiroshi takashi kenji kenichi kazuya makoto satoshi daisuke shota shouta ryouta ryota kenta yuuta yuta takuya naoki tatsuya kazuki daiki tsubasa shun ren haruto
  souta sota yuuto yuto hinata sakura yui yuina aoi rin hina mei mio akari misaki nanami miyu haruka ayaka asuka mayumi yumiko keiko kazuko sachiko youko yoko
  tomoko naoko kumiko hiroko noriko yuko yuuko akiko michiko emiko taro tarou hanako jiro jirou ichiro ichirou saburou momoko momotarou

  nihon nippon japan tokyo toukyou osaka oosaka kyoto kyouto nagoya yokohama kobe koube sapporo fukuoka hiroshima sendai kawasaki saitama chiba okinawa hokkaido
  hokkaidou aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga
  hyogo hyougo nara wakayama tottori shimane okayama yamaguchi tokushima kagawa ehime kochi kouchi saga nagasaki kumamoto ooita miyazaki kagoshima shibuya shinjuku
  ikebukuro akihabara ginza asakusa ueno roppongi shinagawa umeda namba nanba tennouji hakata tenjin fujisan fuji biwako skytree sukaitsurii toukyoutawaa

  sakura hanami momiji himawari ajisai tsubaki kiku yuri tanpopo asagao haru natsu aki fuyu hoshi tsuki taiyou sora umi yama kawa kaze yuki ame niji hikari kumo
  neko inu usagi kuma panda tora ryuu ryu kitsune tanuki hiyoko penguin pengin iruka kujira shiba shibainu mike tama pochi hachi shiro kuro chibi momo
  sushi ramen raamen udon soba tempura tenpura onigiri okonomiyaki takoyaki yakiniku curry karee katsudon gyuudon natto nattou miso tofu toufu mochi dango manju
  ichigo ringo mikan banana suika budou meron nihonshu biiru beer ocha matcha maccha koohii coffee

  arigatou arigato konnichiwa ohayou oyasumi sayonara itadakimasu gochisousama otsukare otsukaresama yoroshiku ganbare ganbarou ganbaru daisuki aishiteru suki
  kawaii sugoi yatta banzai genki egao shiawase tomodachi kazoku okaasan otousan oniisan oneesan akachan kodomo tanjoubi kekkon koibito yume kibou mirai kokoro
  kizuna heiwa eien inochi unmei chikara yuuki shinjitsu jiyuu

  giants kyojin tigers hanshin hanshintigers carp hiroshimacarp dragons chunichi swallows yakult baystars softbank hawks lions seibu marines lotte buffaloes orix
  fighters rakuten eagles yakyuu baseball soccer sakkaa antlers frontale marinos reds gamba cerezo sumo judo juudou karate kendo kendou
  doraemon totoro ghibli naruto sasuke onepiece luffy rufi zoro pikachu pokemon pokemonn kitty hellokitty sanrio dragonball goku gokuu vegeta conan evangelion gundam
  ultraman urutoraman kamenrider precure purikyua sailormoon kimetsu tanjirou nezuko jujutsu gojo anya shinchan anpanman arashi akb nogizaka keyaki sakurazaka
  hatsunemiku mikumiku vocaloid nintendo mario zelda kirby splatoon minecraft sega sony toyota honda nissan mazda suzuki yamaha kawasaki docomo softbank rakuten
  yahoo line amazon google facebook instagram twitter tiktok youtube
  `
    .trim()
    .split(/\s+/),
);

/** runs of the keyboard: rows of a Japanese board with its signs, columns, and the digits. */
export const runs: readonly string[] = ['abcdefghijklmnopqrstuvwxyz', '01234567890', '1234567890-^', 'qwertyuiop@[', 'asdfghjkl;:', 'zxcvbnm,./', '!"#$%&\'()=~', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.', '!qaz"wsx#edc', '!qaz@wsx#edc', 'zaqxswcdevfrbgtnhymju', 'aiueokakikukekosasisuseso'];
