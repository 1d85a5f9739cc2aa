using System.Security.Cryptography;
using System.Text;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Assistance;

/// <summary>Which files are taken, told by what is in them.</summary>
public sealed class AttachmentTests
{
    private static readonly byte[] Pdf = "%PDF-1.7\n"u8.ToArray();
    private static readonly byte[] Zip = [0x50, 0x4B, 3, 4, 20, 0];
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A];
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0];
    private static readonly byte[] Exe = [0x4D, 0x5A, 0x90, 0];
    private static readonly byte[] Elf = [0x7F, 0x45, 0x4C, 0x46];
    private static readonly byte[] Html = "<!DOCTYPE html><script>alert(1)</script>"u8.ToArray();
    private static readonly byte[] Svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray();

    public static TheoryData<string, byte[], string?> Files =>
        new()
        {
            { "report.pdf", Pdf, "application/pdf" },
            { "REPORT.PDF", Pdf, "application/pdf" },
            { "report.docx", Zip, "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
            { "table.xlsx", Zip, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
            { "report.odt", Zip, "application/vnd.oasis.opendocument.text" },
            { "table.ods", Zip, "application/vnd.oasis.opendocument.spreadsheet" },
            { "map.png", Png, "image/png" },
            { "photo.jpg", Jpeg, "image/jpeg" },
            { "photo.jpeg", Jpeg, "image/jpeg" },
            { "note.txt", Encoding.UTF8.GetBytes("تقرير 报告"), "text/plain; charset=utf-8" },
            { "table.csv", "a;b\n1;2"u8.ToArray(), "text/csv; charset=utf-8" },
            { "report.v2.pdf", Pdf, "application/pdf" },
            { "report.pdf", Exe, null },
            { "report.pdf", Html, null },
            { "report.pdf", Zip, null },
            { "report.docx", Pdf, null },
            { "report.docx", Html, null },
            { "photo.jpg", Png, null },
            { "map.png", Svg, null },
            { "drawing.svg", Svg, null },
            { "page.html", Html, null },
            { "page.htm", Html, null },
            { "program.exe", Exe, null },
            { "program", Elf, null },
            { "archive.zip", Zip, null },
            { "macro.docm", Zip, null },
            { "script.js", "alert(1)"u8.ToArray(), null },
            { "note.txt", Exe, null },
            { "note.txt", [0xFF, 0xFE, 0x41, 0x00], null },
            { "note.txt", [0xC3, 0x28], null },
            { "report.pdf.exe", Pdf, null },
            { "report.exe\u202Efdp.", Pdf, null },
            { ".pdf", Pdf, "application/pdf" },
            { "pdf", Pdf, null },
        };

    [Theory, MemberData(nameof(Files))]
    public void A_file_is_what_its_content_and_name_agree_on_or_it_is_not_taken(string name, byte[] content, string? type)
    {
        Assert.Equal(type, FileTypes.Of(name, content));
        if (type is not null)
            Assert.Equal(type, Attachment.Of(Cast.Need(), name, content, Cast.Now).ContentType);
        else
            Assert.Throws<Refusal>(() => Attachment.Of(Cast.Need(), name, content, Cast.Now));
    }

    [Fact]
    public void Every_ending_offered_by_the_form_is_taken_and_no_other()
    {
        Assert.Equal(
            FileTypes.Endings.Order(),
            Files.Where(f => f[2] is not null).Select(f => Path.GetExtension((string)f[0]).ToLowerInvariant()).Distinct().Order()
        );
    }

    [Fact]
    public void A_file_is_neither_empty_nor_larger_than_the_limit()
    {
        var largest = new byte[Attachment.LargestFile + 1];
        Pdf.CopyTo(largest, 0);
        Assert.Equal(
            "file.empty",
            Assert.Throws<Refusal>(() => Attachment.Of(Cast.Need(), "a.pdf", ReadOnlyMemory<byte>.Empty, Cast.Now)).Code
        );
        Assert.Equal("file.too_large", Assert.Throws<Refusal>(() => Attachment.Of(Cast.Need(), "a.pdf", largest, Cast.Now)).Code);
        Assert.Equal(
            Attachment.LargestFile,
            Attachment.Of(Cast.Need(), "a.pdf", largest.AsMemory(0, Attachment.LargestFile), Cast.Now).Size
        );
    }

    [Theory]
    [InlineData("../../etc/report.pdf", "report.pdf")]
    [InlineData(@"C:\Users\amina\report.pdf", "report.pdf")]
    [InlineData("/srv/report.pdf", "report.pdf")]
    [InlineData(" report.pdf ", "report.pdf")]
    [InlineData("تقرير.pdf", "تقرير.pdf")]
    [InlineData("报告.pdf", "报告.pdf")]
    [InlineData("a\0.pdf", "a.pdf")]
    [InlineData("a\r\nContent-Type: b\r\n.pdf", "a Content-Type: b .pdf")]
    [InlineData("a\tb.pdf", "a b.pdf")]
    [InlineData("exe\u202Efdp.pdf", "exefdp.pdf")]
    public void A_file_keeps_its_name_without_its_folder(string sent, string kept) =>
        Assert.Equal(kept, Attachment.Of(Cast.Need(), sent, Pdf, Cast.Now).FileName);

    [Theory]
    [InlineData("\u200B", "field.required")]
    [InlineData("", "field.required")]
    [InlineData("folder/", "field.required")]
    [InlineData(null, "field.required")]
    public void A_name_that_is_none_is_refused(string? name, string code) =>
        Assert.Equal(code, Assert.Throws<Refusal>(() => Attachment.Of(Cast.Need(), name!, Pdf, Cast.Now)).Code);

    [Fact]
    public void A_file_is_cut_into_chunks_that_join_to_the_same_bytes()
    {
        foreach (
            var size in new[]
            {
                1,
                AttachmentChunk.FullSize - 1,
                AttachmentChunk.FullSize,
                AttachmentChunk.FullSize + 1,
                3 * AttachmentChunk.FullSize,
            }
        )
        {
            var content = RandomNumberGenerator.GetBytes(size);
            var id = Guid.NewGuid();
            var chunks = AttachmentChunk.Cut(id, content).ToList();
            Assert.Equal(Enumerable.Range(0, chunks.Count), chunks.Select(c => c.Index));
            Assert.All(chunks, c => Assert.InRange(c.Bytes.Length, 1, AttachmentChunk.FullSize));
            Assert.Equal(content, chunks.SelectMany(c => c.Bytes));
        }
    }

    [Fact]
    public void A_file_is_known_by_its_hash_and_belongs_to_the_part_of_files()
    {
        var file = Attachment.Of(Cast.Need(), "a.pdf", Pdf, Cast.Now);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Pdf)), file.Sha256);
        Assert.Equal((int)NeedParts.Attachments, file.Part);
    }
}
