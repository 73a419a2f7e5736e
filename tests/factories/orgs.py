import factory

from admin_platform.pinyin import spelled
from orgs.models import Contact, ContactGroup, Department, Domain, Organization


class OrganizationFactory(factory.django.DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Organization {n}")
    seats = 1000


class DomainFactory(factory.django.DjangoModelFactory[Domain]):
    class Meta:
        model = Domain

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"domain{n}.example")


class DepartmentFactory(factory.django.DjangoModelFactory[Department]):
    """A child of `parent`; without one, the organization's root, made when missing."""

    class Meta:
        model = Department

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Department {n}")
    pinyin = factory.LazyAttribute(lambda o: spelled(o.name))
    parent = None

    @classmethod
    def _create(cls, model_class, *args, **kwargs):  # type: ignore[no-untyped-def]
        parent = kwargs.get("parent")
        if parent is None:
            organization = kwargs["organization"]
            root = Department.objects.filter(organization=organization, parent=None).first()
            if root is not None:
                return root
        else:
            parent.refresh_from_db()
            kwargs["organization"] = parent.organization
        return super()._create(model_class, *args, **kwargs)


class ContactGroupFactory(factory.django.DjangoModelFactory[ContactGroup]):
    class Meta:
        model = ContactGroup

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Group {n}")
    position = factory.Sequence(lambda n: n)


class ContactFactory(factory.django.DjangoModelFactory[Contact]):
    """In a group, where one is given, of the same organization."""

    class Meta:
        model = Contact

    organization = factory.LazyAttribute(
        lambda o: o.group.organization if o.group else OrganizationFactory()
    )
    group = None
    name = factory.Sequence(lambda n: f"Contact {n}")
    addresses = factory.Sequence(lambda n: [f"contact{n}@far.example"])

    @classmethod
    def _create(cls, model_class, *args, **kwargs):  # type: ignore[no-untyped-def]
        contact = model_class(*args, **kwargs)
        contact.index()
        contact.save()
        return contact
