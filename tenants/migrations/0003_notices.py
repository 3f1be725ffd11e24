"""Notices, who gets them by mail, and quiet hours."""

import django.db.models.deletion
import django.utils.timezone
import tenants.models.notice
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0002_memberships'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=tenants.models.notice.topic_choices, max_length=40, verbose_name='topic')),
                ('thing', models.CharField(editable=False, max_length=20)),
                ('cause', models.CharField(max_length=200, verbose_name='cause')),
                ('subject', models.CharField(max_length=253, verbose_name='about')),
                ('title', models.CharField(max_length=250, verbose_name='title')),
                ('text', models.TextField(blank=True, max_length=4000, verbose_name='text')),
                ('path', models.CharField(max_length=500, verbose_name='page')),
                ('changes', models.JSONField(default=list, verbose_name='changes')),
                ('since', models.DateTimeField(null=True, verbose_name='since')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='told')),
                ('mail_after', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('mail_batch', models.UUIDField(db_index=True, editable=False, null=True)),
                ('call_after', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('call_batch', models.UUIDField(db_index=True, editable=False, null=True)),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='notified',
            field=models.BooleanField(default=True, help_text='Only owners and editors with an e-mail address get any.', verbose_name='mails about what happens'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='quiet_from',
            field=models.TimeField(blank=True, null=True, verbose_name='quiet from'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='quiet_to',
            field=models.TimeField(blank=True, null=True, verbose_name='quiet to'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='quiet_zone',
            field=models.CharField(blank=True, max_length=60, verbose_name='time zone'),
        ),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='quiet_hours_have_both_ends'),
        ),
        migrations.AddField(
            model_name='notice',
            name='tenant',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='tenants.tenant'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['tenant', '-id'], name='notices_of_a_tenant'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('mail_batch', None)), fields=['tenant', 'thing', 'subject'], name='notices_to_mail'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('call_batch', None)), fields=['tenant', 'cause'], name='notices_to_call'),
        ),
    ]
