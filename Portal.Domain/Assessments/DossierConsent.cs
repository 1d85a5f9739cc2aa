using Portal.Domain.Access;

namespace Portal.Domain.Assessments;

/// <inheritdoc/>
public sealed class DossierConsent : Consent<DossierParts>
{
    private DossierConsent() { }

    internal DossierConsent(Guid dossierId, Audience audience, DossierParts parts, Guid by, DateTime now)
        : base(dossierId, audience, parts, by, now) { }
}
