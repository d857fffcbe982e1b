/**
 * leaked are the words that most passwords of leaked lists are built around,
 * written down by hand: what people add to satisfy a policy (capitals, figures
 * for letters, a year and an exclamation mark) is taken away before a password is
 * looked up here (strength.ts). It is no full list, and the documentation says so.
 */
export const leaked: ReadonlySet<string> = new Set(
  `
  abc abcabc abcd abcdef abcdefg access account admin administrator adminadmin aikawa aishiteru akira amazon android angel anime apple april arsenal
  asdf asdfgh asdfghjkl august autumn baby banana baseball basketball batman blink bonjour buster butterfly canada cat changeme charlie cheese chelsea
  chicken chocolate christmas company computer contact cookie corona covid dallas daniel david december default demo diamond doraemon dragon eagle
  facebook family february ferrari fender flower football forever freedom friday friend friends fuckyou fujisan george gfhjkm ginger godzilla golden google
  guest gundam hannah happy harley hello helloworld hockey hottie hunter iloveyou internet italia jackson january japan jasmine jennifer jessica jesus
  jordan joshua july june justin kenji killer kitty kokoro konnichiwa ladybug letmein letmeinnow linkedin liverpool london lovely loveme lovelove login
  maggie manager march marina marlboro martin master matrix matthew merlin michael michelle microsoft mickey minecraft monday money monkey monster
  mustang naruto nihon nicole nintendo november ocean october office operator orange pass passcode passw password passwords passwd passwort pepper phoenix
  pikachu player please pokemon postgres prince princess public purple qazwsx qwe qwer qwert qwerty qwertyuiop qwertz rainbow ranger root sakura samsung samurai
  saturday school secret secure security september server service shadow shogun silver slipknot snoopy soccer sofia soleil spiderman spring sqlserver
  starwars steelers student summer sunday sunflower sunshine super superman support supervisor sysadmin system taro teacher temp temporary tennis test testtest
  tester thomas thursday tiger tigger tokyo toor totoro toyota trustno trustnoone tuesday user username vegeta wednesday welcome whatever william windows
  winner winter wizard xbox yamada yamaha yankees yellow yoshi yuki zaq zaqwsx zxcvbn zxcvbnm
  callcenter contactcenter sekisho kanri kanrisha operatorone pasuwado himitsu nyuusha
  `
    .trim()
    .split(/\s+/),
);
