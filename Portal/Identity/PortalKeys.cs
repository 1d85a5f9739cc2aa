using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Identity;

/// <summary>
/// Keys of data protection, in the database so that every node has them. (The framework's own store saves synchronously, which ours
/// refuses.)
/// </summary>
internal sealed class PortalKeys(PortalStore store) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = store.OpenAsSystem("read the keys of data protection").GetAwaiter().GetResult();
        return
        [
            .. db.DataProtectionKeys.AsNoTracking().Where(k => k.Xml != null).Select(k => k.Xml!).AsEnumerable().Select(XElement.Parse),
        ];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = store.OpenAsSystem("keep a key of data protection").GetAwaiter().GetResult();
        db.DataProtectionKeys.Add(
            new DataProtectionKey { FriendlyName = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) }
        );
        db.SaveChangesAsync().GetAwaiter().GetResult();
    }

    public static void Add(WebApplicationBuilder builder)
    {
        var protection = builder.Services.AddDataProtection().SetApplicationName("technical-assistance-portal");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<PortalStore>((o, store) => o.XmlRepository = new PortalKeys(store));
        if (builder.Configuration["DataProtection:CertificatePath"] is { Length: > 0 } path)
            protection.ProtectKeysWithCertificate(
                X509CertificateLoader.LoadPkcs12FromFile(path, builder.Configuration["DataProtection:CertificatePassword"])
            );
    }
}
