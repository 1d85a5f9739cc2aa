using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

/// <summary>
/// What a demonstration need is about: a plain matter of training, advice or equipment that any State may have, and that judges none.
/// </summary>
internal sealed record Topic(
    string Theme,
    string[] Paragraphs,
    string[] Modalities,
    string[] Sectors,
    LocalName Title,
    LocalName Description,
    LocalName Beneficiary
);

/// <summary>The texts of the demonstration, each in Arabic, Chinese, English, French, Russian and Spanish.</summary>
internal static class DemonstrationTexts
{
    public static readonly Topic[] Topics =
    [
        new(
            "BORDER_PERSONS",
            ["1373:2(g)", "1624:2"],
            ["TRAINING", "EQUIPMENT"],
            ["15136"],
            new(
                "تدريب موظفي الحدود على فحص الوثائق",
                "边防人员证件查验培训",
                "Training of border officers in document examination",
                "Formation des agents des frontières à l’examen des documents",
                "Обучение сотрудников пограничной службы проверке документов",
                "Capacitación de agentes fronterizos en el examen de documentos"
            ),
            new(
                "يحتاج الموظفون العاملون في المعابر البرية والجوية إلى دورة في فحص وثائق السفر، تشمل مواد للتطبيق العملي ونماذج مرجعية.",
                "陆路和空中口岸的工作人员需要一门旅行证件查验课程，包括实习材料和参考样本。",
                "Officers at land and air crossings need a course in the examination of travel documents, with practice material and reference specimens.",
                "Les agents des points de passage terrestres et aériens ont besoin d’un cours sur l’examen des documents de voyage, avec du matériel d’exercice et des spécimens de référence.",
                "Сотрудникам сухопутных и воздушных пунктов пропуска нужен курс по проверке проездных документов с учебными материалами и справочными образцами.",
                "Los agentes de los pasos terrestres y aéreos necesitan un curso sobre el examen de documentos de viaje, con material de práctica y muestras de referencia."
            ),
            new("إدارة الحدود", "边防部门", "Border service", "Service des frontières", "Пограничная служба", "Servicio de fronteras")
        ),
        new(
            "BORDER_CUSTOMS",
            ["1373:2(g)"],
            ["EQUIPMENT", "TRAINING"],
            ["33120"],
            new(
                "نظام لتحليل مخاطر البضائع",
                "货物风险分析系统",
                "Risk analysis system for cargo",
                "Système d’analyse des risques liés au fret",
                "Система анализа рисков грузов",
                "Sistema de análisis de riesgos de la carga"
            ),
            new(
                "تطلب إدارة الجمارك برمجيات لانتقاء الشحنات التي ينبغي فحصها، وتدريبا للموظفين الذين سيستخدمونها ويتعهدونها.",
                "海关部门希望获得用于选取待查货物的软件，并为使用和维护该软件的人员提供培训。",
                "The customs administration asks for software that selects consignments for inspection, and for training of those who will use and maintain it.",
                "L’administration des douanes demande un logiciel de sélection des envois à contrôler et la formation de ceux qui l’utiliseront et l’entretiendront.",
                "Таможенной администрации требуется программа отбора партий товаров для досмотра и обучение тех, кто будет ею пользоваться и её сопровождать.",
                "La administración de aduanas solicita un programa para seleccionar los envíos que deben inspeccionarse y la capacitación de quienes lo usarán y mantendrán."
            ),
            new(
                "إدارة الجمارك",
                "海关总署",
                "Customs administration",
                "Administration des douanes",
                "Таможенная администрация",
                "Administración de aduanas"
            )
        ),
        new(
            "CFT",
            ["1373:1(a)", "1373:1(b)"],
            ["TRAINING"],
            ["24010"],
            new(
                "تدريب المحللين الماليين على تتبع الأموال",
                "金融分析员资金追踪培训",
                "Training of financial analysts in tracing funds",
                "Formation d’analystes financiers au traçage des fonds",
                "Обучение финансовых аналитиков отслеживанию средств",
                "Capacitación de analistas financieros en el rastreo de fondos"
            ),
            new(
                "تطلب وحدة الاستخبارات المالية دورة في تحليل التقارير عن المعاملات المشبوهة وفي إعداد ملفات يمكن للنيابة العامة استخدامها.",
                "金融情报机构希望举办课程，讲授如何分析可疑交易报告并编写可供检察机关使用的卷宗。",
                "The financial intelligence unit asks for a course in analysing suspicious transaction reports and in preparing files that prosecutors can use.",
                "La cellule de renseignement financier demande un cours sur l’analyse des déclarations d’opérations suspectes et la préparation de dossiers exploitables par les procureurs.",
                "Подразделение финансовой разведки просит организовать курс по анализу сообщений о подозрительных операциях и подготовке материалов для прокуратуры.",
                "La unidad de inteligencia financiera solicita un curso sobre el análisis de informes de operaciones sospechosas y la preparación de expedientes útiles para los fiscales."
            ),
            new(
                "وحدة الاستخبارات المالية",
                "金融情报机构",
                "Financial intelligence unit",
                "Cellule de renseignement financier",
                "Подразделение финансовой разведки",
                "Unidad de inteligencia financiera"
            )
        ),
        new(
            "CFT",
            ["1373:1(c)"],
            ["ADVISORY_MISSION", "LEGIS_DRAFT"],
            ["15130"],
            new(
                "مشورة بشأن إجراءات تجميد الأصول دون تأخير",
                "关于毫不拖延地冻结资产程序的咨询",
                "Advice on procedures for freezing assets without delay",
                "Conseils sur les procédures de gel des avoirs sans délai",
                "Консультации по процедурам безотлагательного замораживания активов",
                "Asesoramiento sobre procedimientos de congelación de activos sin demora"
            ),
            new(
                "يراد عقد بعثة قصيرة تقارن بين النماذج المتبعة في بلدان أخرى وتساعد في إعداد إرشادات للمصارف وللجهة المختصة.",
                "希望派出一个短期访问团，比较其他国家采用的模式，并协助为银行和主管部门编写指南。",
                "A short mission is sought that compares models used elsewhere and helps to write guidance for banks and for the competent authority.",
                "Une courte mission est souhaitée pour comparer les modèles suivis ailleurs et aider à rédiger des directives à l’intention des banques et de l’autorité compétente.",
                "Желательна краткосрочная миссия, которая сопоставит модели других стран и поможет составить руководство для банков и компетентного органа.",
                "Se busca una misión breve que compare los modelos usados en otros lugares y ayude a redactar orientaciones para los bancos y la autoridad competente."
            ),
            new(
                "وزارة المالية",
                "财政部",
                "Ministry of Finance",
                "Ministère des finances",
                "Министерство финансов",
                "Ministerio de Finanzas"
            )
        ),
        new(
            "LEGIS",
            ["1373:2(e)"],
            ["LEGIS_DRAFT", "EXPERT"],
            ["15130"],
            new(
                "استعراض أحكام القانون الجنائي",
                "刑法条款审查",
                "Review of provisions of criminal law",
                "Révision de dispositions du droit pénal",
                "Обзор положений уголовного законодательства",
                "Examen de disposiciones de derecho penal"
            ),
            new(
                "يطلب فريق الصياغة خبيرا يستعرض معه مشاريع النصوص مقارنة بالصكوك الدولية ويعد جدولا بالمواد المتقابلة.",
                "起草小组希望有一名专家协助对照国际文书审查条文草案，并编制条款对照表。",
                "The drafting group asks for an expert to go through draft texts with it against the international instruments and to prepare a table of corresponding articles.",
                "Le groupe de rédaction demande un expert pour examiner avec lui les projets de textes au regard des instruments internationaux et dresser un tableau de concordance.",
                "Редакционная группа просит эксперта, который вместе с ней сверит проекты с международными документами и составит таблицу соответствия статей.",
                "El grupo de redacción solicita un experto que revise con él los proyectos de texto a la luz de los instrumentos internacionales y prepare una tabla de correspondencias."
            ),
            new("وزارة العدل", "司法部", "Ministry of Justice", "Ministère de la justice", "Министерство юстиции", "Ministerio de Justicia")
        ),
        new(
            "LEGIS",
            ["1373:2(e)", "1373:2(f)"],
            ["TRAINING", "WORKSHOP"],
            ["15134"],
            new(
                "حلقة عمل للمدعين العامين والقضاة بشأن الأدلة الواردة من الخارج",
                "检察官和法官境外证据讲习班",
                "Workshop for prosecutors and judges on evidence from abroad",
                "Atelier pour procureurs et juges sur les preuves venant de l’étranger",
                "Семинар для прокуроров и судей по доказательствам из-за рубежа",
                "Taller para fiscales y jueces sobre pruebas procedentes del extranjero"
            ),
            new(
                "يراد عقد حلقة عمل تقوم على حالات افتراضية تتناول طلب الأدلة وقبولها وحفظها، يشترك في تقديمها قضاة ممارسون.",
                "希望举办以模拟案例为基础的讲习班，由在职法官参与授课，内容涉及证据的请求、采纳和保存。",
                "A workshop based on invented cases is sought, on asking for evidence, admitting it and keeping it, given together with practising judges.",
                "Un atelier fondé sur des cas fictifs est souhaité, portant sur la demande, la recevabilité et la conservation des preuves, animé avec des juges en exercice.",
                "Желателен семинар на вымышленных примерах о запросе, допустимости и хранении доказательств с участием действующих судей.",
                "Se busca un taller basado en casos ficticios sobre la solicitud, la admisión y la conservación de pruebas, impartido junto con jueces en ejercicio."
            ),
            new(
                "معهد الدراسات القضائية",
                "司法学院",
                "Judicial training institute",
                "Institut de formation judiciaire",
                "Институт подготовки судей",
                "Instituto de formación judicial"
            )
        ),
        new(
            "LAW_ENF",
            ["1373:2(b)"],
            ["EQUIPMENT", "TRAINING"],
            ["15132"],
            new(
                "نظام لإدارة القضايا للمحققين",
                "侦查人员案件管理系统",
                "Case management system for investigators",
                "Système de gestion des dossiers pour les enquêteurs",
                "Система ведения дел для следователей",
                "Sistema de gestión de casos para investigadores"
            ),
            new(
                "تحتاج دائرة التحقيق إلى نظام تسجل فيه القضايا والمهام والآجال، مع ضوابط على الاطلاع وسجل لمن اطلع على ماذا.",
                "侦查部门需要一个登记案件、任务和期限的系统，具备查阅权限管理，并记录何人查阅了何种内容。",
                "The investigation department needs a system that records cases, tasks and deadlines, with control of access and a log of who read what.",
                "Le service d’enquête a besoin d’un système qui enregistre les dossiers, les tâches et les échéances, avec un contrôle d’accès et un journal des consultations.",
                "Следственному департаменту нужна система учёта дел, задач и сроков с разграничением доступа и журналом просмотров.",
                "El departamento de investigación necesita un sistema que registre casos, tareas y plazos, con control de acceso y un registro de quién consultó qué."
            ),
            new(
                "دائرة التحقيق",
                "侦查部门",
                "Investigation department",
                "Service d’enquête",
                "Следственный департамент",
                "Departamento de investigación"
            )
        ),
        new(
            "BORDER_AVIATION",
            ["1373:2(g)"],
            ["TRAINING", "EXPERT"],
            ["21050"],
            new(
                "إعداد مدربين في مجال أمن المطارات",
                "机场安保教员培养",
                "Preparation of airport security instructors",
                "Préparation d’instructeurs en sûreté aéroportuaire",
                "Подготовка инструкторов по безопасности аэропортов",
                "Preparación de instructores de seguridad aeroportuaria"
            ),
            new(
                "تطلب سلطة الطيران المدني برنامجا يؤهل مدربين وطنيين لتقديم الدورات المعتمدة بأنفسهم، ومواد تدريبية بلغة العمل.",
                "民航主管部门希望设立培养本国教员的方案，使其能够自行讲授获认可的课程，并提供工作语文的培训材料。",
                "The civil aviation authority asks for a programme that qualifies national instructors to give recognised courses themselves, with material in the working language.",
                "L’autorité de l’aviation civile demande un programme qualifiant des instructeurs nationaux pour donner eux-mêmes les cours reconnus, avec du matériel dans la langue de travail.",
                "Управление гражданской авиации просит программу подготовки национальных инструкторов для самостоятельного проведения признанных курсов и материалы на рабочем языке.",
                "La autoridad de aviación civil solicita un programa que habilite a instructores nacionales para impartir los cursos reconocidos, con material en el idioma de trabajo."
            ),
            new(
                "سلطة الطيران المدني",
                "民用航空主管部门",
                "Civil aviation authority",
                "Autorité de l’aviation civile",
                "Управление гражданской авиации",
                "Autoridad de aviación civil"
            )
        ),
        new(
            "BORDER_MARITIME",
            ["1373:2(g)"],
            ["ADVISORY_MISSION"],
            ["21040"],
            new(
                "خطط أمن المرافق المينائية",
                "港口设施安保计划",
                "Security plans of port facilities",
                "Plans de sûreté des installations portuaires",
                "Планы охраны портовых средств",
                "Planes de protección de instalaciones portuarias"
            ),
            new(
                "تطلب سلطة الموانئ مراجعة خططها مع خبير، وتمرينا على الطاولة، وقائمة مرجعية يمكن استخدامها في السنوات التالية.",
                "港务部门希望与一名专家共同审查其计划，开展一次桌面演练，并编制可供今后使用的核对清单。",
                "The port authority asks to go through its plans with an expert, for a table-top exercise, and for a checklist that can be used in later years.",
                "L’autorité portuaire demande un examen de ses plans avec un expert, un exercice sur table et une liste de contrôle utilisable les années suivantes.",
                "Администрация портов просит рассмотреть её планы вместе с экспертом, провести штабное учение и составить контрольный перечень на последующие годы.",
                "La autoridad portuaria solicita la revisión de sus planes con un experto, un ejercicio de mesa y una lista de verificación que pueda usarse en años posteriores."
            ),
            new("سلطة الموانئ", "港务部门", "Port authority", "Autorité portuaire", "Администрация портов", "Autoridad portuaria")
        ),
        new(
            "INT_COOP",
            ["1373:2(f)", "1373:3(b)"],
            ["INSTITUTION", "TRAIN_ABROAD"],
            ["15130"],
            new(
                "دعم السلطة المركزية للمساعدة القانونية المتبادلة",
                "支持司法协助中央机关",
                "Support for the central authority for mutual legal assistance",
                "Appui à l’autorité centrale chargée de l’entraide judiciaire",
                "Поддержка центрального органа по взаимной правовой помощи",
                "Apoyo a la autoridad central de asistencia judicial recíproca"
            ),
            new(
                "يراد إعداد نماذج للطلبات ودليل للإجراءات وترتيب زيارة دراسية إلى سلطة مركزية في بلد آخر.",
                "希望编写请求书范本和程序手册，并安排赴另一国中央机关考察学习。",
                "Model requests, a manual of procedure and a study visit to a central authority in another country are sought.",
                "Des modèles de demande, un manuel de procédure et une visite d’étude auprès d’une autorité centrale d’un autre pays sont souhaités.",
                "Желательны типовые запросы, руководство по процедуре и ознакомительная поездка в центральный орган другой страны.",
                "Se buscan modelos de solicitud, un manual de procedimiento y una visita de estudio a una autoridad central de otro país."
            ),
            new(
                "السلطة المركزية للمساعدة القانونية المتبادلة",
                "司法协助中央机关",
                "Central authority for mutual legal assistance",
                "Autorité centrale chargée de l’entraide judiciaire",
                "Центральный орган по взаимной правовой помощи",
                "Autoridad central de asistencia judicial recíproca"
            )
        ),
        new(
            "REFUGEE_HR",
            ["1373:3(f)", "1373:3(g)"],
            ["WORKSHOP"],
            ["15190"],
            new(
                "حلقة عمل بشأن إجراءات اللجوء",
                "庇护程序讲习班",
                "Workshop on asylum procedures",
                "Atelier sur les procédures d’asile",
                "Семинар по процедурам предоставления убежища",
                "Taller sobre procedimientos de asilo"
            ),
            new(
                "تطلب الهيئة المختصة بشؤون اللجوء حلقة عمل عن تقنيات إجراء المقابلات والضمانات التي يقتضيها القانون الدولي للاجئين.",
                "庇护主管部门希望举办讲习班，讨论面谈技巧以及国际难民法所要求的保障措施。",
                "The asylum authority asks for a workshop on interview techniques and on the safeguards that international refugee law requires.",
                "L’autorité chargée de l’asile demande un atelier sur les techniques d’entretien et les garanties qu’exige le droit international des réfugiés.",
                "Орган по делам убежища просит провести семинар о методике собеседования и гарантиях, которых требует международное беженское право.",
                "La autoridad de asilo solicita un taller sobre técnicas de entrevista y sobre las salvaguardias que exige el derecho internacional de los refugiados."
            ),
            new(
                "الهيئة المختصة بشؤون اللجوء",
                "庇护主管部门",
                "Asylum authority",
                "Autorité chargée de l’asile",
                "Орган по делам убежища",
                "Autoridad de asilo"
            )
        ),
        new(
            "HR",
            ["1373:2(e)"],
            ["TRAINING", "EXPERT"],
            ["15160"],
            new(
                "منهاج دراسي عن حقوق الإنسان في التحقيقات",
                "侦查工作中的人权教程",
                "Curriculum on human rights in investigations",
                "Programme de cours sur les droits humains dans les enquêtes",
                "Учебная программа по правам человека в расследованиях",
                "Plan de estudios sobre derechos humanos en las investigaciones"
            ),
            new(
                "تطلب أكاديمية الشرطة المساعدة في إعداد وحدة تدريبية عن حقوق الإنسان مع أمثلة افتراضية وأداة لتقييم ما تعلمه المشاركون.",
                "警察学院希望获得协助，编写一个包含模拟案例的人权教学单元和一套学员学习成果评估工具。",
                "The police academy asks for help in writing a training unit on human rights with invented examples and a way to assess what participants learned.",
                "L’école de police demande une aide pour rédiger un module sur les droits humains, avec des exemples fictifs et un moyen d’évaluer les acquis.",
                "Полицейская академия просит помочь в составлении учебного модуля по правам человека с вымышленными примерами и способом оценки усвоенного.",
                "La academia de policía solicita ayuda para elaborar una unidad sobre derechos humanos, con ejemplos ficticios y un medio para evaluar lo aprendido."
            ),
            new("أكاديمية الشرطة", "警察学院", "Police academy", "École de police", "Полицейская академия", "Academia de policía")
        ),
        new(
            "R1624",
            ["1624:3"],
            ["WORKSHOP", "FUNDING"],
            ["15153"],
            new(
                "سلسلة حوارات مع المؤسسات التعليمية والثقافية",
                "与教育和文化机构的系列对话",
                "Series of dialogues with educational and cultural institutions",
                "Série de dialogues avec des établissements éducatifs et culturels",
                "Серия диалогов с образовательными и культурными учреждениями",
                "Serie de diálogos con instituciones educativas y culturales"
            ),
            new(
                "يراد تنظيم سلسلة من الحوارات بمشاركة ميسرين، وإعداد مواد لوسائل الإعلام المحلية، وتقرير موجز عن الخبرات المكتسبة.",
                "希望举办一系列由主持人引导的对话，为地方媒体编写材料，并编写一份经验简报。",
                "A series of moderated dialogues, material for local media and a short report on experience gained are sought.",
                "Une série de dialogues animés, des documents pour les médias locaux et un court rapport sur l’expérience acquise sont souhaités.",
                "Желательны серия диалогов с ведущими, материалы для местных средств массовой информации и краткий отчёт о полученном опыте.",
                "Se buscan una serie de diálogos moderados, material para los medios locales y un breve informe sobre la experiencia adquirida."
            ),
            new(
                "وزارة الثقافة",
                "文化部",
                "Ministry of Culture",
                "Ministère de la culture",
                "Министерство культуры",
                "Ministerio de Cultura"
            )
        ),
        new(
            "INT_COOP",
            ["1373:3(d)", "1373:3(e)"],
            ["REPORT_HELP", "RATIFICATION"],
            ["15110"],
            new(
                "المساعدة في إعداد الردود الموجهة إلى اللجنة",
                "协助编写对委员会的答复",
                "Help in preparing replies to the Committee",
                "Aide à l’établissement des réponses au Comité",
                "Помощь в подготовке ответов Комитету",
                "Ayuda para preparar las respuestas al Comité"
            ),
            new(
                "تطلب وزارة الخارجية حلقة عمل قصيرة عن جمع المعلومات من المؤسسات المعنية، ونموذجا يسهل تحديث الردود.",
                "外交部希望举办一次短期讲习班，介绍如何向有关机构收集资料，并提供一个便于更新答复的范本。",
                "The ministry of foreign affairs asks for a short workshop on collecting information from the institutions concerned, and for a template that makes replies easy to update.",
                "Le ministère des affaires étrangères demande un court atelier sur la collecte d’informations auprès des institutions concernées et un modèle facilitant la mise à jour des réponses.",
                "Министерство иностранных дел просит провести краткий семинар о сборе сведений в соответствующих учреждениях и составить шаблон для обновления ответов.",
                "El ministerio de relaciones exteriores solicita un breve taller sobre la reunión de información de las instituciones interesadas y un modelo que facilite actualizar las respuestas."
            ),
            new(
                "وزارة الخارجية",
                "外交部",
                "Ministry of Foreign Affairs",
                "Ministère des affaires étrangères",
                "Министерство иностранных дел",
                "Ministerio de Relaciones Exteriores"
            )
        ),
    ];

    /// <summary>What tells two needs on one topic apart: {0} the topic's title.</summary>
    public static readonly LocalName[] Variants =
    [
        new(
            "{0} - الإدارات المركزية",
            "{0}——中央部门",
            "{0}: central services",
            "{0} : services centraux",
            "{0}: центральные службы",
            "{0}: servicios centrales"
        ),
        new(
            "{0} - المكاتب الإقليمية",
            "{0}——地区办事处",
            "{0}: regional offices",
            "{0} : bureaux régionaux",
            "{0}: региональные отделения",
            "{0}: oficinas regionales"
        ),
        new("{0} - المجموعة الأولى", "{0}——第一组", "{0}: first group", "{0} : premier groupe", "{0}: первая группа", "{0}: primer grupo"),
        new("{0} - المدربون", "{0}——教员", "{0}: instructors", "{0} : instructeurs", "{0}: инструкторы", "{0}: instructores"),
    ];

    /// <summary>What tells needs written in bulk apart: {0} the topic's title, {1} a number.</summary>
    public static readonly LocalName Unit = new(
        "{0} - الوحدة {1}",
        "{0}——第{1}单位",
        "{0}: unit {1}",
        "{0} : unité {1}",
        "{0}: подразделение {1}",
        "{0}: unidad {1}"
    );

    /// <summary>How large: {0} participants, {1} months.</summary>
    public static readonly LocalName Extent = new(
        "عدد المشاركين: {0}. المدة بالأشهر: {1}.",
        "参加人数：{0}。期限（月）：{1}。",
        "Number of participants: {0}. Duration in months: {1}.",
        "Nombre de participants : {0}. Durée en mois : {1}.",
        "Число участников: {0}. Продолжительность в месяцах: {1}.",
        "Número de participantes: {0}. Duración en meses: {1}."
    );

    /// <summary>CTED's notes when it returns a need.</summary>
    public static readonly LocalName[] Notes =
    [
        new(
            "يرجى ذكر المؤسسة التي ستتلقى المساعدة وعدد المشاركين.",
            "请说明受援机构和参加人数。",
            "Please name the institution that would receive the help and the number of participants.",
            "Prière d’indiquer l’institution bénéficiaire et le nombre de participants.",
            "Просьба указать учреждение-получатель и число участников.",
            "Sírvanse indicar la institución que recibiría la ayuda y el número de participantes."
        ),
        new(
            "يرجى إضافة الإطار الزمني المطلوب وتقدير للتكلفة إن وجد.",
            "请补充所需时间框架，如有可能请提供费用估计。",
            "Please add the timeframe wanted and, if there is one, an estimate of the cost.",
            "Prière d’ajouter le calendrier souhaité et, le cas échéant, une estimation du coût.",
            "Просьба добавить желаемые сроки и, если имеется, оценку стоимости.",
            "Sírvanse añadir el plazo deseado y, si existe, una estimación del costo."
        ),
    ];

    /// <summary>A State's reasons for taking a need back or consent away.</summary>
    public static readonly LocalName[] Reasons =
    [
        new(
            "ستغطى هذه الحاجة من الميزانية الوطنية.",
            "该需求将由本国预算解决。",
            "This will be covered from the national budget.",
            "Ce besoin sera couvert par le budget national.",
            "Эта потребность будет покрыта из национального бюджета.",
            "Esta necesidad se cubrirá con cargo al presupuesto nacional."
        ),
        new(
            "ستدمج هذه الحاجة في حاجة أخرى.",
            "该需求将并入另一项需求。",
            "This will be taken together with another need.",
            "Ce besoin sera regroupé avec un autre.",
            "Эта потребность будет объединена с другой.",
            "Esta necesidad se unirá a otra."
        ),
    ];

    /// <summary>A State's answer to a proposal it declines.</summary>
    public static readonly LocalName Answer = new(
        "نشكركم على مقترحكم. وقد اختير مقترح آخر يلائم الإطار الزمني.",
        "感谢贵方的提案。我方已选定另一项更符合时间框架的提案。",
        "Thank you for the proposal. Another one that suits the timeframe was chosen.",
        "Merci de votre proposition. Une autre, mieux adaptée au calendrier, a été retenue.",
        "Благодарим за предложение. Выбрано другое, более подходящее по срокам.",
        "Gracias por la propuesta. Se eligió otra que se ajusta mejor al plazo."
    );

    /// <summary>A step of accepted help.</summary>
    public static readonly LocalName Milestone = new(
        "الدورة الأولى",
        "第一期课程",
        "First course",
        "Premier cours",
        "Первый курс",
        "Primer curso"
    );

    /// <summary>Why a need was partly met.</summary>
    public static readonly LocalName OutcomeNote = new(
        "عُقدت الدورة، ولم تُسلَّم المعدات بعد.",
        "课程已举办，设备尚未交付。",
        "The course was held; the equipment has not come yet.",
        "Le cours a eu lieu ; le matériel n’est pas encore arrivé.",
        "Курс проведен; оборудование еще не поступило.",
        "El curso se celebró; el equipo aún no ha llegado."
    );

    /// <summary>A provider's question about a need.</summary>
    public static readonly LocalName Question = new(
        "كم عدد المشاركين المتوقعين، وبأي لغة يعملون؟",
        "预计有多少名参加者？使用何种工作语文？",
        "How many participants are expected, and in which language do they work?",
        "Combien de participants sont attendus, et dans quelle langue travaillent-ils ?",
        "Сколько участников ожидается и на каком языке они работают?",
        "¿Cuántos participantes se prevén y en qué idioma trabajan?"
    );

    /// <summary>The answer to it.</summary>
    public static readonly LocalName QuestionAnswer = new(
        "نحو ثلاثين مشاركاً؛ وتتاح الترجمة الشفوية.",
        "约三十人；可提供口译。",
        "About thirty; interpretation can be arranged.",
        "Une trentaine ; l’interprétation peut être assurée.",
        "Около тридцати; устный перевод можно организовать.",
        "Unos treinta; se puede disponer de interpretación."
    );

    /// <summary>Title of a proposal: {0} the topic's title.</summary>
    public static readonly LocalName ProposalTitle = new(
        "مقترح: {0}",
        "提案：{0}",
        "Proposal: {0}",
        "Proposition : {0}",
        "Предложение: {0}",
        "Propuesta: {0}"
    );

    /// <summary>What proposals say.</summary>
    public static readonly LocalName[] ProposalDescriptions =
    [
        new(
            "مدربان لمدة أسبوعين، ومواد تدريبية بلغة المشاركين، ومتابعة بعد ستة أشهر.",
            "两名教员授课两周，提供学员语文的教材，并在六个月后进行后续回访。",
            "Two instructors for two weeks, material in the language of the participants, and a follow-up after six months.",
            "Deux formateurs pendant deux semaines, des supports dans la langue des participants et un suivi après six mois.",
            "Два преподавателя на две недели, материалы на языке участников и последующее наблюдение через шесть месяцев.",
            "Dos instructores durante dos semanas, material en el idioma de los participantes y un seguimiento a los seis meses."
        ),
        new(
            "خبير معار لمدة ثلاثة أشهر يعمل مع المؤسسة المستفيدة، وتقرير ختامي يقدم إليها وحدها.",
            "借调一名专家在受援机构工作三个月，最后报告只提交该机构。",
            "An expert seconded for three months to work with the institution, and a final report to it alone.",
            "Un expert détaché pendant trois mois auprès de l’institution et un rapport final remis à elle seule.",
            "Прикомандированный на три месяца эксперт для работы с учреждением и заключительный отчёт только для него.",
            "Un experto adscrito durante tres meses para trabajar con la institución y un informe final dirigido únicamente a ella."
        ),
        new(
            "معدات مع تركيبها وصيانتها لسنتين، ودورة لمن سيتعهدونها.",
            "提供设备、安装和两年维护，并为维护人员举办课程。",
            "Equipment with installation and two years of maintenance, and a course for those who will look after it.",
            "Matériel avec installation et deux ans de maintenance, et un cours pour ceux qui en auront la charge.",
            "Оборудование с установкой и обслуживанием в течение двух лет и курс для тех, кто будет его обслуживать.",
            "Equipo con instalación y dos años de mantenimiento, y un curso para quienes se ocuparán de él."
        ),
    ];

    /// <summary>Conditions of a proposal.</summary>
    public static readonly LocalName Conditions = new(
        "توفر المؤسسة المستفيدة القاعات والترجمة الشفوية.",
        "由受援机构提供场地和口译。",
        "The institution provides rooms and interpretation.",
        "L’institution fournit les salles et l’interprétation.",
        "Учреждение предоставляет помещения и устный перевод.",
        "La institución proporciona salas e interpretación."
    );

    /// <summary>Title of a standing offer: {0} the theme's name.</summary>
    public static readonly LocalName OfferTitle = new(
        "دورات ومشورة ({0})",
        "课程和咨询（{0}）",
        "Courses and advice ({0})",
        "Cours et conseils ({0})",
        "Курсы и консультации ({0})",
        "Cursos y asesoramiento ({0})"
    );

    /// <summary>What standing offers say.</summary>
    public static readonly LocalName OfferDescription = new(
        "بيانات توضيحية. دورات ومشورة تقدم بناء على طلب الدولة، في الموقع أو عن بعد. وتحدد المواعيد بالاتفاق.",
        "演示数据。应国家请求以现场或远程方式提供课程和咨询，时间由双方商定。",
        "Demonstration data. Courses and advice given at the request of a State, on site or at a distance. Dates are agreed together.",
        "Données de démonstration. Cours et conseils donnés à la demande d’un État, sur place ou à distance. Les dates sont fixées d’un commun accord.",
        "Демонстрационные данные. Курсы и консультации по просьбе государства, на месте или дистанционно. Сроки согласуются.",
        "Datos de demostración. Cursos y asesoramiento a petición de un Estado, in situ o a distancia. Las fechas se acuerdan conjuntamente."
    );

    /// <summary>What directory profiles say.</summary>
    public static readonly LocalName Profile = new(
        "بيانات توضيحية، لم تكتبها المنظمة نفسها. تتضمن العروض الدائمة المواضيع وأشكال المساعدة والمناطق التي تشملها.",
        "演示数据，并非由该组织撰写。其涵盖的主题、援助方式和区域见常设提议。",
        "Demonstration data, not written by the organisation itself. The themes, modalities and regions covered are shown in the standing offers.",
        "Données de démonstration, qui n’ont pas été rédigées par l’organisation elle-même. Les thèmes, modalités et régions couverts figurent dans les offres permanentes.",
        "Демонстрационные данные, составленные не самой организацией. Темы, формы помощи и регионы указаны в постоянных предложениях.",
        "Datos de demostración, no redactados por la propia organización. Los temas, modalidades y regiones abarcados figuran en las ofertas permanentes."
    );

    /// <summary>Who answers letters to an organisation of the demonstration.</summary>
    public static readonly LocalName Contact = new(
        "مكتب الاتصال",
        "联络处",
        "Contact desk",
        "Bureau de liaison",
        "Бюро контактов",
        "Oficina de contacto"
    );

    /// <summary>Cover note of a dossier.</summary>
    public static readonly LocalName CoverNote = new(
        "للنظر فيه. نص للعرض التوضيحي.",
        "供审议。演示文本。",
        "For consideration. Text of the demonstration.",
        "Pour examen. Texte de démonstration.",
        "На рассмотрение. Демонстрационный текст.",
        "Para su examen. Texto de demostración."
    );

    /// <summary>Letter of a dossier.</summary>
    public static readonly LocalName Letter = new(
        "تتشرف اللجنة بأن تحيل طيّه تقييمها الأولي، وستكون ممتنة لتلقي رد الحكومة في غضون اثني عشر شهراً.",
        "委员会谨随函转递其初步评估，并希望在十二个月内收到贵国政府的答复。",
        "The Committee has the honour to transmit its preliminary assessment, and would be grateful for the Government’s answer within twelve months.",
        "Le Comité a l’honneur de transmettre son évaluation préliminaire et saurait gré au Gouvernement de lui faire parvenir sa réponse dans un délai de douze mois.",
        "Комитет имеет честь препроводить свою предварительную оценку и был бы признателен за ответ правительства в течение двенадцати месяцев.",
        "El Comité tiene el honor de transmitir su evaluación preliminar y agradecería la respuesta del Gobierno en un plazo de doce meses."
    );

    /// <summary>What an assessment says of the whole.</summary>
    public static readonly LocalName Narrative = new(
        "**نص للعرض التوضيحي.** التقديرات مسحوبة بالقرعة ولا تقول شيئاً عن أي دولة.",
        "**演示文本。** 评级为随机抽取，不说明任何国家的情况。",
        "**Text of the demonstration.** Its ratings are drawn by lot and say nothing of any State.",
        "**Texte de démonstration.** Les appréciations sont tirées au sort et ne disent rien d’aucun État.",
        "**Демонстрационный текст.** Оценки выбраны по жребию и ничего не говорят ни об одном государстве.",
        "**Texto de demostración.** Las calificaciones se sacan por sorteo y no dicen nada de ningún Estado."
    );

    /// <summary>What was found on a topic: {0} its name.</summary>
    public static readonly LocalName FindingText = new(
        "نص للعرض التوضيحي عن: {0}.",
        "演示文本：{0}。",
        "Text of the demonstration on: {0}.",
        "Texte de démonstration sur : {0}.",
        "Демонстрационный текст: {0}.",
        "Texto de demostración sobre: {0}."
    );

    /// <summary>On what a finding rests.</summary>
    public static readonly LocalName FindingEvidence = new(
        "تقرير الدولة",
        "国家报告",
        "Report of the State",
        "Rapport de l’État",
        "Доклад государства",
        "Informe del Estado"
    );

    /// <summary>Safeguards of a finding.</summary>
    public static readonly LocalName FindingSafeguards = new(
        "رقابة قضائية",
        "司法审查",
        "Review by a court",
        "Contrôle d’un juge",
        "Судебный контроль",
        "Control judicial"
    );

    /// <summary>What is recommended on a topic: {0} its name.</summary>
    public static readonly LocalName RecommendationText = new(
        "مواصلة العمل بشأن: {0}.",
        "继续推进：{0}。",
        "Continue the work on: {0}.",
        "Poursuivre les travaux sur : {0}.",
        "Продолжить работу: {0}.",
        "Proseguir la labor sobre: {0}."
    );

    /// <summary>A State’s answer on the whole.</summary>
    public static readonly LocalName AnswerText = new(
        "تشكر الحكومة اللجنة. نص للعرض التوضيحي.",
        "政府感谢委员会。演示文本。",
        "The Government thanks the Committee. Text of the demonstration.",
        "Le Gouvernement remercie le Comité. Texte de démonstration.",
        "Правительство благодарит Комитет. Демонстрационный текст.",
        "El Gobierno agradece al Comité. Texto de demostración."
    );

    /// <summary>What a State answers to a finding.</summary>
    public static readonly LocalName AnswerMeasure = new(
        "يجري إعداد التدابير.",
        "正在制定措施。",
        "Measures are being prepared.",
        "Des mesures sont en préparation.",
        "Меры готовятся.",
        "Se están preparando medidas."
    );

    /// <summary>What CTED found of what a State reported.</summary>
    public static readonly LocalName FoundText = new(
        "تم الاطلاع على النصوص المقدمة. نص للعرض التوضيحي.",
        "已核查所提交的文本。演示文本。",
        "The texts submitted were looked at. Text of the demonstration.",
        "Les textes soumis ont été examinés. Texte de démonstration.",
        "Представленные тексты изучены. Демонстрационный текст.",
        "Se examinaron los textos presentados. Texto de demostración."
    );

    /// <summary>Why a reviewer gave a dossier back.</summary>
    public const string ReviewNote = "The cover note is too short. Demonstration.";

    /// <summary>Why a delegation holds.</summary>
    public const string HoldReason = "The capital has not answered yet. Demonstration.";

    /// <summary>What is asked of a State about a need, and what it answers: title, question, answer.</summary>
    public static readonly (string Title, string Question, string Answer) NeedThread = (
        "The participants",
        "Are the **same officers** meant as in the last request? Demonstration.",
        "Others: from two more regions. Demonstration."
    );

    /// <summary>What a reviewer asks of a drafter: title, question.</summary>
    public static readonly (string Title, string Question) ReviewThread = (
        "The source of the second finding",
        "Which report is it taken from? Demonstration."
    );

    /// <summary>What is asked of a State about its answer, and what it says: title, question, answer.</summary>
    public static readonly (string Title, string Question, string Answer) LetterThread = (
        "When the answer can be expected",
        "Is more time needed? Demonstration.",
        "The ministries are consulted until the end of the month. Demonstration."
    );

    /// <summary>A text with its blanks filled, in a language.</summary>
    public static string In(this LocalName text, Language language, params object[] blanks) =>
        blanks.Length == 0 ? text[language] : string.Format(System.Globalization.CultureInfo.InvariantCulture, text[language], blanks);
}
