"""What an application does with Django: migrations, the ORM, transactions."""

import os

import django
from django.apps import AppConfig
from django.conf import settings
from steps import HOST, PASSWORD, PORT, TLS, USER, ok, run


class Recorded(AppConfig):
    name = "__main__"
    label = "recorded"
    path = os.path.dirname(__file__)


settings.configure(
    DATABASES={"default": {
        "ENGINE": "django.db.backends.mysql", "NAME": "test", "HOST": HOST, "PORT": PORT,
        "USER": USER, "PASSWORD": PASSWORD, "OPTIONS": {"ssl_mode": "REQUIRED"} if TLS else {},
    }},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "__main__.Recorded"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.contrib.auth.models import Group, Permission  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, models, transaction  # noqa: E402
from django.db.models import Count, F  # noqa: E402
from django.utils import timezone  # noqa: E402

PREFIXES = ("auth_", "django_", "recorded_")


class Person(models.Model):
    username = models.CharField(max_length=40, unique=True)
    first_name = models.CharField(max_length=40, default="")
    last_name = models.CharField(max_length=40, default="")
    is_staff = models.BooleanField(default=False)
    joined = models.DateTimeField(default=timezone.now)
    notes = models.JSONField(default=dict)
    groups = models.ManyToManyField(Group)

    class Meta:
        app_label = "recorded"


def dropped():
    """The tables of an earlier run."""
    names = [name for name in connection.introspection.table_names() if name.startswith(PREFIXES)]
    with connection.cursor() as cursor:
        cursor.execute("set foreign_key_checks = 0")
        for name in names:
            cursor.execute(f"drop table {name}")
        cursor.execute("set foreign_key_checks = 1")


def steps():
    dropped()
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Person)
    with connection.cursor() as cursor:
        cursor.execute("select app, name from django_migrations order by id")
        ok(f"migrated {cursor.fetchall()}")
    names = [name for name in connection.introspection.table_names() if name.startswith(PREFIXES)]
    ok(f"tables {sorted(names)}")
    group = Group.objects.create(name="staff")
    group.permissions.set(Permission.objects.filter(content_type__app_label="auth", codename__startswith="view"))
    ada = Person.objects.create(username="ada", notes={"☃": [1, None]})
    ada.groups.add(group)
    Person.objects.bulk_create([Person(username=f"user {number}") for number in range(50)])
    ok(f"users {Person.objects.count()} {ada.pk}")
    ok(f"permissions {sorted(group.permissions.values_list('codename', flat=True))}")
    ok(f"document {Person.objects.filter(notes__has_key='☃').values_list('notes', flat=True)}")
    people = Person.objects.prefetch_related("groups__permissions").filter(username__startswith="a")
    ok(f"related {[(p.username, [g.name for g in p.groups.all()]) for p in people]}")
    counts = Person.objects.values("is_staff").annotate(number=Count("pk"), groups=Count("groups")).order_by("is_staff")
    ok(f"grouped {list(counts)}")
    ok(f"updated {Person.objects.filter(pk__lte=10).update(is_staff=True, last_name=F('username'))}")
    ok(f"page {list(Person.objects.filter(is_staff=True).order_by('-pk').values_list('username', 'last_name')[2:5])}")
    made = [Person.objects.get_or_create(username="eve")[1] for _ in range(2)]
    ok(f"get or create {made}")
    try:
        with transaction.atomic():
            Person.objects.create(username="undone")
            with transaction.atomic():
                Person.objects.create(username="ada")
    except IntegrityError as error:
        ok(f"error {error.args}")
    ok(f"rolled back {Person.objects.filter(username='undone').exists()}")
    with transaction.atomic():
        locked = Person.objects.select_for_update().get(username="ada")
        locked.first_name = "Ada ☃"
        locked.save()
    ok(f"saved {Person.objects.get(username='ada').first_name}")
    Session.objects.create(session_key="k", session_data="d", expire_date=timezone.now())
    ok(f"sessions {Session.objects.filter(expire_date__lte=timezone.now()).count()}")
    ok(f"deleted {Group.objects.all().delete()}")
    dropped()
    connection.close()
    ok("close")


run(steps)
