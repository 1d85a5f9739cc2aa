namespace Portal.Collaboration; internal static class Placeholder;
