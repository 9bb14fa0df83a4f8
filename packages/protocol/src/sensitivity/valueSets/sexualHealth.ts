import type { SensitiveValueSet } from '../valueSet.ts'
import { SEXUAL_HEALTH_CODES } from './sexualHealthCodes.ts'
import { BILLING, DRUGS, ECQM, ICD9, ICD10, OFFLINE, SHIFT } from './sources.ts'

/** Sexual and reproductive health: pregnancy, contraception, abortion, fertility, sexually transmitted infections, orientation and gender. */
export const SEXUAL_HEALTH: SensitiveValueSet = {
  kind: 'sexual-health',
  sources: [ECQM, SHIFT, ICD10, ICD9, BILLING, DRUGS],
  limits: `${OFFLINE} Cancers of these organs, screening for them and vaccines against papillomavirus are not in it.`,
  codes: {
    ...SEXUAL_HEALTH_CODES,
    'icd-10':
      'A34 A50-A64 A74.9 B97.33 B97.34 B97.7 E28 E29 F52 F64-F66 I86.1 N46 N48 N50-N53 N70-N77 N80-N98 O P00-P02 R36 R37 R87.81 R87.82 T38.4 T83.3 T19.2 Y42.4 Y42.5 Z01.41 Z03.7 Z11.3 Z11.51 Z20.2 Z22.4 Z30-Z39 Z3A Z61.4 Z64.0 Z64.1 Z70 Z72.5 Z79.3 Z79.890 Z87.42 Z87.51 Z87.59 Z87.890 Z92.0 Z97.5 Z98.51 Z98.52',
    'icd-9':
      '054.1 078.0 078.1 079.4 079.88 079.98 090-099 131 256 257 302 606 607 608 614-629 630-679 760-762 795.05 795.09 962.2 996.32 V01.6 V02.7 V02.8 V13.1 V13.29 V22-V28 V45.5 V45.52 V61.5-V61.7 V65.45 V69.2 V72.4 V73.81 V73.88 V73.98 V74.5 V91 792.3 E858.0',
    'icd-11': '1A6-1A9 GA1-GA3 GB00-GB06 HA JA JB KA0 QA1-QA4 QC91 MF3A',
    'icd-10-pcs': '1 0U 0V 0W4 4A0H 4A1H BY',
    'icd-9-procedures': '63-75',
    icpc: 'W X Y',
    atc: 'G01A G02A G02B G02C G03A G03C G03D G03F G03G G03H G03X G04BE L02AB',
    cpt: '0500F-0503F 11976 11981-11983 54230-54240 54400-54417 55200-55250 55300 55400-55450 55870 55970 55980 56405-58999 58300-58301 59000-59899 74740-74742 76801-76831 80055 80081 81025 82670-82679 82731 83001-83002 84144 84163 84702-84704 86592-86593 86631-86632 86695-86696 86780 87110 87270 87273-87274 87285 87320 87480-87482 87490-87492 87510-87512 87528-87530 87590-87592 87623-87625 87660-87661 87797-87801 87808 87810 87850 89250-89398 A4261-A4269 G0445 G0450 G9228-G9230 H1000-H1011 J1050 J1051-J1056 J7294-J7307 Q0111 S0189-S0199 S2260-S2267 S2400-S2411 S4005-S4042 S4981-S4995 S8055 S9001 S9211-S9214 S9436-S9447 T1009 0500T',
    revenue: '0112 0122 0132 0142 0152 0232 0514 0720-0729 0925',
    drg: '765-770 774-807 817-819 831-833 729-730 742-743 747 760-761',
    'place-of-service': '25',
    'provider-taxonomy':
      '207V 163WX0002 163WM0102 163WR0006 163WW0101 176B 282NW 261QA0005 261QB0400 261QF0050 363LX 363LW 364SW 364SX 374J 367A 207VE',
    'hl7-v3': 'OBS GYN',
  },
  words: [
    'pregnan\\w*|gestation\\w*|gravid\\w*|gravida|primigravid\\w*|multigravid\\w*|obstetric\\w*|ante-?natal\\w*|pre-?natal\\w*|post-?natal\\w*|post-?partum|intrapartum|perinatal|puerper\\w*|midwi\\w*|maternity|matern\\w*|f(o?e)tal\\b|f(o?e)tus\\w*|embryo\\w*|amnio\\w*|placent\\w*|pre-?eclampsia|eclampsia',
    'abort\\w*|miscarr\\w*|stillb\\w*|ectopic pregnan\\w*|blighted ovum|termination of preg\\w*|(vaginal|breech|forceps|operative|assisted|normal) (birth|delivery)|delivery of (f|placenta|baby|newborn|infant|twin)\\w*|c(a?e)sarean|c-section|in labou?r|(preterm|obstructed|induction of|onset of|augmentation of|premature|false) labou?r|labou?r and delivery|(phase|stage|stages) of labou?r|labou?r (pain|finding|disorder|ward)|(twins|triplets|quadruplets)\\b|uterine contraction\\w*|episiotom\\w*|breast-?feeding|lactat(ion|ing) (counsel|consult|support|disorder|amenorr)\\w*',
    'contracepti\\w*|birth control|family planning|intrauterine (device|system|contracep)\\w*|vasectom\\w*|tubal (ligat|steril|occlu|pregn)\\w*|(fe)?male sterili[sz]\\w*|sterili[sz]ation (status|procedure|requested)|condom\\w*|diaphragm fitting|morning[- ]after',
    'infertil\\w*|fertility|in[- ]vitro fertili\\w*|insemination|ovulat\\w*|sperm\\w*|semen\\b|(oocyte|egg) (retriev|donat|freez)\\w*|azoosperm\\w*|oligosperm\\w*',
    'menstru\\w*|menarche|menopaus\\w*|amenorrh\\w*|dysmenorrh\\w*|menorrhag\\w*|metrorrhag\\w*|endometrio\\w*|polycystic ovar\\w*|hysterectom\\w*|oophorectom\\w*|salping\\w*|vagin(itis|osis|ismus)|vulv(itis|ovag|odynia)\\w*|pelvic inflammatory|last menstrual',
    'choriogonadotrop\\w*|chorionic gonadotrop\\w*|beta-?hcg|hcg\\b|dyspareunia',
    'sexual\\w*|erectile|impotence|libido|orgasm\\w*|priapism|venereal|syphil\\w*|treponem\\w*|gonor\\w*|gonococ\\w*|chlamydia\\w*|trichomon\\w*|chancroid|donovanosis|genital (herpes|wart)\\w*|herpes genitalis|condylom\\w*|human papilloma ?virus\\b(?![^;]{0,20}vacc)|reagin ab|hsv-?2\\b|mycoplasma genitalium|bacterial vaginosis',
    'transgender\\w*|transsexual\\w*|transvest\\w*|gender (identity|dysphor|reassign|affirm|incongru|confirm)\\w*|intersex|lesbian|homosexual\\w*|bisexual\\w*|heterosexual\\w*|sex (worker|reassign|change)\\w*|prostitut\\w*|paraphili\\w*|p(a?e)dophil\\w*',
    'levonorgestrel|norethindrone|norethisterone|ethinyl estradiol|ethinylestradiol|norgestimate|drospirenone|desogestrel|etonogestrel|norgestrel|norelgestromin|ethynodiol|dienogest|segesterone|medroxyprogesterone|ulipristal|mifepristone|misoprostol|dinoprost\\w*|clomiphene|clomifene|follitropin|menotropin\\w*|cetrorelix|ganirelix|carboprost|ergonovine|methylergonovine|oxytocin|sildenafil|tadalafil|vardenafil|avanafil|alprostadil|flibanserin|bremelanotide|estradiol\\b|conjugated estrogens|progesterone\\b|hydroxyprogesterone',
    'yaz\\b|yasmin\\b|beyaz|loestrin|nuva-?ring|nexplanon|implanon|mirena|kyleena|skyla\\b|liletta|paragard|plan b\\b|depo-?(sub-?q )?provera|natazia|seasonique|seasonale|camila\\b|errin\\b|jolivette|trinessa|(tri-)?sprintec|ortho (tri-?cyclen|evra|novum|micronor)|lo loestrin|slynd|annovera|xulane|viagra|cialis|levitra|stendra|addyi|clomid|premarin|pitocin|cytotec|makena',
  ],
  exactWords: ['IUD\\b', 'IUS\\b', 'IVF\\b', 'STI\\b', 'STDs?\\b(?! [Dd][Ee][Vv])', 'PCOS\\b', 'LGBT\\w*', 'VDRL\\b', 'RPR\\b'],
  noteWords: [
    'sexual|sexually|std\\b|sti\\b|chlamydia|gonorrh|syphilis|herpes|hpv|genital|contracepti|abortion|termination of pregnancy|miscarriage|pregnan|gravida|infertil|in vitro fertil|erectile|libido|transgender|gender (?:dysphoria|identity)|hysterectom|vasectom|levonorgestrel|mifepriston|condom',
  ],
}
