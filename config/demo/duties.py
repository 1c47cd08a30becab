"""A list of duties for the demo's communities and one for its subdistricts: ours, shorter than a real one."""

from datetime import date

from config.demo.areas import district
from grids.enums import Level
from petitions.models import Category, DutyItem
from petitions.models.duties import DutyKind

SOURCE = "演示清单"
# code of the category ("" for none), what it is, who leads where the community only assists
COMMUNITY: dict[DutyKind, tuple[tuple[str, str, str], ...]] = {
    DutyKind.OWN: (
        ("", "召集居民会议和居民代表会议", ""),
        ("1307", "组织居民议事协商", ""),
        ("1309", "公开居务和财务", ""),
        ("1301", "开具法定证明、帮办代办", ""),
        ("1303", "解答政策和办事咨询", ""),
        ("1304", "收集微心愿，组织志愿服务", ""),
        ("1306", "办好社区活动和居民提议的小项目", ""),
        ("0901", "调解邻里纠纷", ""),
        ("0701", "劝导邻里生活噪声", ""),
        ("0803", "清理楼道堆物", ""),
        ("0411", "组织无物业小区自我管理", ""),
        ("1004", "探访独居老人", ""),
    ),
    DutyKind.ASSIST: (
        ("01", "协助清扫保洁和园林养护", "城市管理部门"),
        ("0801", "协助劝导占用消防通道", "消防救援机构"),
        ("0804", "协助劝导电动自行车飞线充电和进楼", "消防救援机构"),
        ("0401", "协助督促物业服务", "住房城乡建设部门"),
        ("0405", "协助报修楼道照明", "物业服务人"),
        ("0601", "协助劝导小区内乱停车", "物业服务人"),
        ("0808", "协助宣传文明养犬", "公安派出所"),
        ("0902", "协助化解婚姻家庭纠纷", "司法所"),
        ("1001", "协助入户了解低保特困家庭情况", "民政部门"),
        ("1002", "协助临时救助申请", "民政部门"),
        ("1102", "协助疫苗接种通知", "卫生健康部门"),
        ("0205", "协助报修排水管道堵塞", "排水管理单位"),
    ),
    DutyKind.DELEGATED: (
        ("1103", "病媒生物防制", ""),
        ("0115", "门前积雪清扫组织", ""),
        ("0206", "社区健身器材日常巡看", ""),
        ("1107", "社区文体活动场地管理", ""),
        ("0702", "广场舞噪声劝导", ""),
        ("1310", "收集意见建议", ""),
    ),
}
STREET = ("统筹辖区基层治理", "组织公共服务", "综合执法", "维护公共安全", "指导社区工作", "动员社会参与",
          "服务辖区单位", "承办上级交办事项")  # fmt: skip


def list_duties(*, today: date) -> None:
    """Make the list for all communities of the demo's district, and that of its subdistricts."""
    area = district()
    categories = dict(Category.objects.values_list("code", "pk"))
    rows = [
        DutyItem(
            area=area,
            level=Level.COMMUNITY,
            code=f"{kind.value}-{number:02d}",
            kind=kind,
            name_zh=name,
            category_id=categories[category] if category else None,
            lead_zh=lead,
            source=SOURCE,
            valid_from=today.replace(month=1, day=1),
        )
        for kind, items in COMMUNITY.items()
        for number, (category, name, lead) in enumerate(items, start=1)
    ]
    rows += [
        DutyItem(
            area=area,
            level=Level.STREET,
            code=f"street-{number:02d}",
            kind=DutyKind.OWN,
            name_zh=name,
            source=SOURCE,
            valid_from=today.replace(month=1, day=1),
        )
        for number, name in enumerate(STREET, start=1)
    ]
    DutyItem.objects.bulk_create(rows)
