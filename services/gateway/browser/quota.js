// Asks for the quota of whoever's token is typed in, and tells it in words.
const element = (id) => document.getElementById(id);

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = event.target.querySelector('button');
  button.disabled = true;
  element('result').replaceChildren(...(await ask(element('token').value.trim())));
  button.disabled = false;
});

async function ask(token) {
  // Only what may stand in a header is sent at all.
  if (!/^[\w.~+/=-]+$/.test(token)) return [told('bad', '这不是访问令牌', 'This is no access token')];
  try {
    const answer = await fetch('/v1/quota', { headers: { authorization: `Bearer ${token}` } });
    if (answer.ok) return inWords(await answer.json());
    if (answer.status === 429 || answer.status === 503) {
      const seconds = answer.headers.get('retry-after');
      return [told('bad', `请求过多，${seconds} 秒后再试`, `Too many requests: ask again in ${seconds} s`)];
    }
    const { title, titleZh, code } = await answer.json();
    return [told('bad', titleZh, `${title} (${code})`)];
  } catch {
    return [told('bad', '平台没有应答，请稍后再试', 'The hub did not answer: ask again later')];
  }
}

function inWords({ left, burst, perSecond }) {
  const bar = document.createElement('meter');
  Object.assign(bar, { max: burst, low: burst / 4, optimum: burst, value: left });
  const seconds = Math.ceil((burst - left) / perSecond);
  return [
    told('figure', `剩余 ${left} 次，上限 ${burst} 次`, `${left} of ${burst} requests left`),
    bar,
    told('', `每秒恢复 ${perSecond} 次`, `${perSecond} come back each second`),
    seconds === 0
      ? told('', '已是满额', 'Nothing is used up')
      : told('', `${seconds} 秒内恢复满额`, `All are back within ${seconds} s`),
  ];
}

function told(kind, zh, en) {
  const line = document.createElement('p');
  const english = document.createElement('span');
  english.lang = 'en';
  english.textContent = en;
  line.className = kind;
  line.append(zh, ' ', english);
  return line;
}
