// Asks for the quota with the token in the field, which is its only place: not the address, no cookie, no store.

const TOKEN = /^(?:Bearer\s+)?([\w.~+/-]+=*)$/i;
const NUMBER = new Intl.NumberFormat('en');

const element = (id) => document.getElementById(id);

/** Chinese with the English beside it. */
function both(tag, zh, en, className = '') {
  const whole = document.createElement(tag);
  const english = document.createElement('span');
  english.lang = 'en';
  english.textContent = en;
  whole.className = className;
  whole.append(zh, ' ', english);
  return whole;
}

function quota({ perSecond, burst, left }) {
  const used = burst - left;
  // Rounded up: nobody is told to come too early.
  const full = Math.ceil((used / perSecond) * 10) / 10;
  const at = new Date(Date.now() + full * 1_000).toLocaleTimeString('zh-CN', { hour12: false });
  const meter = document.createElement('meter');
  Object.assign(meter, { min: 0, max: burst, low: burst / 4, high: burst / 2, optimum: burst, value: left });
  meter.ariaLabel = '剩余配额 Quota left';
  const rows = [
    ['left', '剩余', 'left now', NUMBER.format(left)],
    ['used', '已用', 'used', NUMBER.format(used)],
    ['burst', '一次最多', 'most at once', NUMBER.format(burst)],
    ['per-second', '每秒恢复', 'come back each second', NUMBER.format(perSecond)],
    ['full', '恢复满额', 'full again', used === 0 ? '已满 now' : `${full} s · ${at}`],
  ];
  const list = document.createElement('dl');
  for (const [id, zh, en, value] of rows) {
    const told = document.createElement('dd');
    told.id = id;
    told.textContent = value;
    list.append(both('dt', zh, en), told);
  }
  return [meter, list];
}

/** A refusal in its own words, and what to do about it. */
function refusal(status, wait, { titleZh = '中心未能答复', title = 'The hub could not answer', code = '' }) {
  const lines = [both('p', `${titleZh}。`, `${title} (${[status, code].filter(Boolean).join(' ')})`, 'bad')];
  if (status === 401) {
    lines.push(
      both('p', '令牌五分钟有效：请取得新令牌后再查询。', 'A token is good for five minutes: get a new one.', 'open'),
    );
  }
  if (wait !== null) {
    lines.push(both('p', `请在 ${wait} 秒后再查询。`, `Ask again in ${wait} s.`, 'open'));
  }
  return lines;
}

async function ask() {
  const token = TOKEN.exec(element('token').value.trim())?.[1];
  if (token === undefined) {
    return [both('p', '这不是访问令牌。', 'This is not an access token: nothing was sent.', 'bad')];
  }
  try {
    const answer = await fetch('/v1/quota', {
      headers: { authorization: `Bearer ${token}` },
      cache: 'no-store',
      credentials: 'omit',
    });
    // A proxy’s error need not be JSON.
    const body = await answer.json().catch(() => ({}));
    return answer.ok ? quota(body) : refusal(answer.status, answer.headers.get('retry-after'), body);
  } catch {
    return [both('p', '无法连接到中心。', 'The hub cannot be reached.', 'bad')];
  }
}

element('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  element('result').replaceChildren(...(await ask()));
});
