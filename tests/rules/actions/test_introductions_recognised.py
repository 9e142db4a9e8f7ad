"""Telling introductions from ordinary messages, with the template and without, in Chinese and English."""

import pytest

from rules.introduction import recognise

TEMPLATES = [
    ("昵称：小李\n城市：上海\n职业：后端\n兴趣：阅读\n期待：认识大家", {"name": "小李", "city": "上海", "job": "后端"}),
    ("昵称: 小李\n坐标: 杭州", {"name": "小李", "city": "杭州"}),
    ("1. 城市 上海\n2. 职业 老师\n3. 爱好 跑步", {"city": "上海", "job": "老师", "interests": "跑步"}),
    ("1、昵称：阿花\n2、城市：成都", {"name": "阿花", "city": "成都"}),
    ("【昵称】小波\n【城市】北京\n【职业】设计师", {"name": "小波", "city": "北京", "job": "设计师"}),
    ("大家好！\n昵称：Tom\n城市：深圳\n期待：一起读书", {"name": "Tom", "city": "深圳", "expecting": "一起读书"}),
    ("昵称：小陈 城市：广州 职业：医生", {"name": "小陈", "city": "广州", "job": "医生"}),
    ("称呼：老王；所在城市：南京；爱好：钓鱼、书法", {"name": "老王", "city": "南京", "interests": "钓鱼、书法"}),
    ("Name: Ann\nCity: Paris", {"name": "Ann", "city": "Paris"}),
    ("Hi!\nname: Bo\nwhat I do: nursing\ninterests: chess", {"name": "Bo", "job": "nursing", "interests": "chess"}),
    ("Name: Ann Lee, City: New York, Job: editor", {"name": "Ann Lee", "city": "New York", "job": "editor"}),
    ("- Nickname: Kit\n- Location: Lyon\n- Hobbies: maps", {"name": "Kit", "city": "Lyon", "interests": "maps"}),
    ("昵称 | 小李\n城市 | 上海", {"name": "小李", "city": "上海"}),
    ("Name - Ann\nCity - Paris\nJob - nurse", {"name": "Ann", "city": "Paris", "job": "nurse"}),
    ("NAME：Zoë\nCITY：Köln", {"name": "Zoë", "city": "Köln"}),
]

CHINESE = [
    "大家好，我是小李，来自上海，做后端",
    "大家好，我叫王芳，在北京工作，喜欢读书和跑步",
    "大家好我是小李来自上海",
    "各位好，我是阿明，坐标深圳，产品经理，希望和大家多交流",
    "新人报到！我叫小美，来自成都，爱好摄影",
    "我叫张伟，是一名程序员，平时喜欢爬山",
    "哈喽大家好，叫我老周就好，坐标西安，做教育的",
    "大家好，我是来自杭州的小陈，喜欢科幻小说",
    "大家晚上好，我是林林，目前在广州读研，喜欢看电影",
    "新人一枚，坐标武汉，大学生，喜欢推理小说",
    "嗨，我是小鱼，从事设计工作，期待和大家一起读书",
    "大家好～我是Leo，坐标北京，做iOS开发，请多关照",
    "初来乍到，我是阿花，来自昆明，请多多指教",
    "我是陈晨，来自南京，一名高中老师",
    "各位群友好，我叫大刘，现居苏州，从事金融行业，爱好书法",
    "大家好，我是小林。目前在上海做产品设计。平时喜欢画画。",
    "自我介绍一下：我叫阿杰，来自长沙，是一名护士",
    "你们好，我是Mia，来自台北，喜欢旅行和咖啡",
    "很高兴加入，我是小宇，坐标重庆，自由职业",
    "大家好，我叫李雷，来自天津，想和大家一起学习英语",
    "大家好！我是阿伟，90后，来自东北，现在在深圳做程序员，平时喜欢打篮球、看书",
    "大家好，我是李明，一个喜欢读书的程序员",
    "Hi 大家好，我是Tom，坐标北京，做运营",
]

ENGLISH = [
    "Hi all, I'm Ann from Paris, I work on compilers",
    "Hello everyone! My name is Bob, I live in London and I love reading.",
    "Hey, I'm Carla. I'm a software engineer from Madrid.",
    "Hi, I am Dmitri from Riga, a student of history",
    "My name is Eve. I work as a nurse in Dublin. I enjoy crime novels.",
    "Hello! I'm Farid, based in Toronto, working in finance.",
    "New here! I'm Grace, a teacher from Leeds, happy to be here",
    "hi everyone, my name is hana, i'm from Osaka, i love poetry",
    "Good morning! I'm Ivan, I study physics in Prague, looking forward to learning from you",
    "Hey folks, I'm Jo. I'm into board games and sci-fi.",
    "Hi there, I'm Kim, originally from Seoul, now in Berlin. Nice to meet you all!",
    "Just joined. I'm Liam, a designer, and I love maps",
    "Hello, I'm Maria. I live in Lisbon. I'm a translator.",
    "I'm Noah, I work at a library, I love old books and I hope to meet other readers",
    "Hi all! This is Olga from Warsaw, I work in marketing",
    "Quick intro: my name is Pat, I'm a freelance writer from Boston",
    "Hello! Call me Quinn. I'm a data scientist. My hobbies are climbing and chess.",
    "Hi, I'm Rosa, happy to join, I teach Spanish in Quito",
    "Greetings, I'm Sam from Cape Town, interested in philosophy",
    "Hey, I’m Tess from Oslo, glad to meet you",
    "hey everyone, bob here from Cork, i work in design",
    "Hello, Isabel here from Porto, I teach maths",
    "Hi everyone, I'm Uma and I'm a product manager in Pune",
]

ORDINARY_CHINESE = [
    "大家好",
    "大家好，请问今天几点开始？",
    "我是说昨天那本书真不错",
    "我是不是来晚了",
    "我是觉得上海的天气太热了，喜欢北京",
    "大家好，我是新人，请问群文件在哪里",
    "我是做后端的，这个接口我熟",
    "大家好，我是本群管理员，今天的活动在上海举行，欢迎喜欢阅读的朋友参加",
    "我喜欢这本书，希望大家也喜欢",
    "昨天在北京，今天到上海",
    "来自上海的朋友请举手",
    "我叫了外卖，你们吃什么",
    "我想和大家讨论一下第三章",
    "请问有人在深圳工作吗？",
    "作者来自日本，喜欢写短篇",
    "我是上海队的球迷，喜欢看球",
    "我叫他来上海工作",
    "大家晚上好，今天我想和大家分享一本书，希望大家喜欢",
    "早上好，我在上海出差，喜欢这里",
    "他叫小李，来自上海，做后端",
    "打卡第三天，读了三十页",
    "城市：上海 明天有雨",
    "招聘：后端工程师\n城市：上海\n薪资：30k",
    "活动名称：读书会\n城市：北京\n时间：周六\n地点：图书馆",
    "大家好，我是小李，来自上海，做兼职代理，加微信了解",
    "昵称：\n城市：\n职业：",
    "收到，谢谢！我在看",
    "我是因为喜欢科幻才买的，希望能看完",
    "我在家做饭，喜欢做菜",
    "欢迎新人！介绍一下自己吧",
]

ORDINARY_ENGLISH = [
    "Hi all!",
    "Hello everyone, what time does it start?",
    "I'm not sure about chapter three",
    "I'm going to London tomorrow",
    "I am so happy with this book, I love it",
    "Hi all, I work on a Mac and I like the new update",
    "I'm from the other group, sorry",
    "Is anybody here from Paris?",
    "My name is not in the list, can you check?",
    "I'm in. See you on Friday",
    "I love reading in bed and I enjoy tea",
    "Hi, new here from the other group, I love it",
    "I'm Team Darcy, I love him",
    "Hi everyone, I'm reading Emma, I love it so far, looking forward to reading your thoughts",
    "The author is from Dublin and works as a teacher",
    "Call me when you get there",
    "I'm Lost in this chapter",
    "She said: I'm a doctor",
    "Date: Friday\nCity: Paris\nPrice: 10 euros",
    "Job: backend developer\nCity: Berlin\nSalary: 60k",
    "Hi, I'm looking for a good translation",
    "I hope to finish it by Sunday",
    "Hello, I'm Ann from Paris, earn $500 a day, see https://spam.example",
    "Hey, I'm still waiting for the link",
    "Name: \nCity: \nWhat I do: ",
    "I live in the first chapter of that book, honestly",
    "Thanks, I'm happy to share my notes tomorrow",
]


@pytest.mark.parametrize(("text", "fields"), TEMPLATES)
def test_a_filled_in_template_is_an_introduction(text, fields):
    found = recognise(text)
    assert found is not None
    assert {name: found.fields.get(name) for name in fields} == fields


@pytest.mark.parametrize("text", CHINESE + ENGLISH)
def test_free_text_about_oneself_is_an_introduction(text):
    assert recognise(text) is not None


@pytest.mark.parametrize("text", ORDINARY_CHINESE + ORDINARY_ENGLISH)
def test_an_ordinary_message_is_no_introduction(text):
    assert recognise(text) is None


def test_free_text_gives_fields_too():
    assert recognise("大家好，我是小李，来自上海，做后端").fields == {"name": "小李", "city": "上海", "job": "后端"}
    found = recognise("Hi all, I'm Ann from Paris, I work on compilers").fields
    assert (found["name"], found["city"], found["job"]) == ("Ann", "Paris", "work on compilers")


def test_the_files_own_labels_name_fields():
    fields = {"book": ["最近在读", "Reading"], "city": ["Heimat"]}
    found = recognise("昵称：小李\n最近在读：三体", fields)
    assert found.fields == {"name": "小李", "book": "三体"}
    assert recognise("Reading: Emma\nHeimat: Wien", fields).fields == {"book": "Emma", "city": "Wien"}


def test_a_label_that_the_file_asks_for_is_not_foreign():
    text = "昵称：小李\n时间：周末有空"
    assert recognise(text) is None
    assert recognise(text, {"free": ["时间"]}).fields["free"] == "周末有空"


def test_fewer_fields_than_asked_for_are_no_introduction():
    assert recognise("昵称：小李\n城市：上海", at_least=3) is None


def test_free_text_can_be_turned_off():
    assert recognise(CHINESE[0], free_text=False) is None
    assert recognise(TEMPLATES[0][0], free_text=False) is not None


def test_a_very_long_text_is_judged_at_once():
    assert recognise("我是" * 100_000) is None
    assert recognise("name " * 590) is None
    assert recognise("I'm a " * 240) is None
    assert recognise("在上海，" * 370) is None
