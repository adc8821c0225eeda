import { test } from 'vitest';
import { hoursCourse } from './app/conditions/hours.ts';
import { cronCourse } from './app/conditions/cron.ts';
import { Temporal } from 'temporal-polyfill';
const M=60000;
const cases:[string,string][]=[['Europe/Berlin','2026-03-28'],['Europe/Berlin','2026-10-24'],['Australia/Lord_Howe','2026-04-04'],['Australia/Lord_Howe','2026-10-03'],['Pacific/Apia','2011-12-28'],['Asia/Beirut','2026-03-28'],['America/St_Johns','2010-03-13'],['America/St_Johns','2010-11-06'],['Africa/Casablanca','2026-02-14'],['America/Santiago','2026-09-05'],['Asia/Kathmandu','2026-01-01'],['Pacific/Kwajalein','1993-08-19']];
const dn=['mon','tue','wed','thu','fri','sat','sun'] as const;
test('hours', () => {
  let bad=0;
  for (const [zone,day] of cases) for (const [from,to] of [['09:00','17:00'],['00:00','24:00'],['01:30','02:30'],['00:00','00:30'],['23:30','24:00'],['02:00','03:00']] as const) for (const days of [undefined,[...dn],['sun'],['fri','sat']] as const) {
    const c=hoursCourse({from,to,zone,...(days&&{days})} as never);
    const s=Temporal.PlainDate.from(day).toZonedDateTime('UTC').epochMilliseconds;
    const truth=(t:number)=>{const z=Temporal.Instant.fromEpochMilliseconds(t).toZonedDateTimeISO(zone); const d=dn[z.dayOfWeek-1]!; const hm=z.hour*60+z.minute; const p=(x:string)=>Number(x.slice(0,2))*60+Number(x.slice(3)); return (days??dn.slice(0,5)).includes(d as never)&&hm>=p(from)&&hm<p(to)};
    let expectNext: number|undefined; 
    let prev=truth(s);
    const flips:number[]=[];
    for(let t=s;t<s+4*86400000;t+=M){const x=truth(t); if((c.truthAt(t)==='true')!==x){bad++; if(bad<20)console.log('truth',zone,from,to,days,new Date(t).toISOString(),x)} if(x!==prev){flips.push(t);prev=x}}
    let t=s; for(const f of flips){const n=c.nextMs(t); if(n!==f){bad++; if(bad<20)console.log('next',zone,from,to,days,new Date(t).toISOString(),'got',n&&new Date(n).toISOString(),'want',new Date(f).toISOString());} t=f;}
  }
  console.log('hours bad',bad);
});
test('cron', () => {
  let bad=0;
  const parse=(f:string,lo:number,hi:number)=>{const s=new Set<number>(); for(const p of f.split(',')){const [r,st]=p.split('/'); let a=lo,b=hi; if(r!=='*'){const [x,y]=r!.split('-').map(Number); a=x!; b=y??(st?hi:x!)} for(let i=a;i<=b;i+=Number(st??1))s.add(i)} return s};
  for (const [zone,day] of cases.filter(([z])=>!/Apia|Kwaj/.test(z))) for (const e of ['*/15 * * * *','0,30 1-3 * * *','*/20 2 * * *','5 * * * 0','*/10 */2 * * 1-5']) {
    const c=cronCourse({expression:e,lasts:'PT1M',zone});
    const [mi,h,,,w]=e.split(' ') as [string,string,string,string,string];
    const [S,H,W]=[parse(mi,0,59),parse(h,0,23),parse(w,0,6)];
    const s=Temporal.PlainDate.from(day).toZonedDateTime('UTC').epochMilliseconds;
    for(let t=s;t<s+3*86400000;t+=M){const z=Temporal.Instant.fromEpochMilliseconds(t).toZonedDateTimeISO(zone); const x=S.has(z.minute)&&H.has(z.hour)&&W.has(z.dayOfWeek%7); const g=c.truthAt(t)==='true'; if(g!==x){bad++; if(bad<25)console.log('cron',zone,e,z.toString(),'want',x,'got',g)}}
  }
  console.log('cron bad',bad);
},300000);
