; SPDX-License-Identifier: Apache-2.0
; XML. What has an id or a name can be referred to; the elements of schemas, of Ant, MSBuild and Maven say more.

(element . [(STag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name))
            (EmptyElemTag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name))]
  (#any-of? @_attribute "name" "Name") (#any-of? @_element "target" "Target" "macrodef" "task")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$")) @definition.target
(element . [(STag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name))
            (EmptyElemTag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name))]
  (#eq? @_attribute "name")
  (#match? @_element "^(?:xsd?:)?(?:element|complexType|simpleType|group|attributeGroup|attribute)$|^xsl:template$")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$")) @definition.type
(element . [(STag (Attribute (Name) @_attribute (AttValue) @name))
            (EmptyElemTag (Attribute (Name) @_attribute (AttValue) @name))]
  (#any-of? @_attribute "id" "xml:id" "ID") (#strip! @name "^[\"']") (#strip! @name "[\"']$")) @definition.anchor
(element . [(STag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name))
            (EmptyElemTag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name))]
  (#any-of? @_attribute "name" "Name" "x:Name" "x:Key") (#not-eq? @_element "xsl:call-template")
  (#strip! @name "^[\"']") (#strip! @name "[\"']$")) @definition.key

; In an element that is not closed.
(Attribute (Name) @_attribute (AttValue) @name
  (#any-of? @_attribute "id" "xml:id" "ID") (#strip! @name "^[\"']") (#strip! @name "[\"']$")) @definition.anchor

(GEDecl (Name) @name) @definition.constant
(elementdecl (Name) @name) @definition.tag

; The package that a pom.xml describes.
(document root: (element (STag (Name) @_root) (content (element (STag (Name) @_element)
    (content (CharData) @name @definition.package))))
  (#eq? @_root "project") (#eq? @_element "artifactId"))
(element (STag (Name) @_element) (content (CharData) @name @reference.import) (#eq? @_element "artifactId"))
(Attribute (Name) @_attribute (AttValue) @name @reference.import
  (#any-of? @_attribute "Include" "schemaLocation") (#match? @name "^[\"'][\\w.:/\\\\-]*[\\w-][\"']$")
  (#strip! @name "^.*[\\\\/\"'](?=.)") (#strip! @name "(?:\\.(?:\\w+proj|xsd))?[\"']$"))
(Attribute (Name) @_attribute (AttValue) @name @reference.class
  (#any-of? @_attribute "class" "classname" "x:Class" "android:name") (#match? @name "^[\"'][\\w.$]*\\.[\\w.$]+[\"']$")
  (#strip! @name "^.*[.$\"'](?=.)") (#strip! @name "[\"']$"))
(Attribute (Name) @_attribute (AttValue) @name @reference.type
  (#any-of? @_attribute "base" "itemType" "substitutionGroup" "extends") (#match? @name "^[\"'][\\w.:-]+[\"']$")
  (#not-match? @name "^[\"']xsd?:")
  (#strip! @name "^.*[.:\"'](?=.)") (#strip! @name "[\"']$"))
; Elsewhere "type" is a word of the format.
([(STag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name @reference.type))
  (EmptyElemTag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name @reference.type))]
  (#eq? @_attribute "type") (#match? @_element "^(?:xsd?:)?(?:element|attribute|any)$")
  (#not-match? @name "^[\"']xsd?:") (#strip! @name "^.*[.:\"'](?=.)") (#strip! @name "[\"']$"))
(EmptyElemTag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name @reference.call)
  (#eq? @_element "xsl:call-template") (#eq? @_attribute "name") (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
(STag . (Name) @_element (Attribute (Name) @_attribute (AttValue) @name @reference.call)
  (#eq? @_element "xsl:call-template") (#eq? @_attribute "name") (#strip! @name "^[\"']") (#strip! @name "[\"']$"))
; Of several names in one value the first counts, as one node gives one tag.
(Attribute (Name) @_attribute (AttValue) @name @reference.symbol
  (#any-of? @_attribute "ref" "refid" "idref" "IDREF" "depends" "DependsOnTargets" "bean" "refType")
  (#match? @name "^[\"'][\\w:]") (#strip! @name "^[\"'](?:\\w+:)?") (#strip! @name "[\\s,;\"'].*$"))
(document root: (element (STag . (Name) @_root (Attribute (Name) @_attribute (AttValue) @name @reference.symbol)))
  (#any-of? @_root "project" "Project") (#any-of? @_attribute "default" "DefaultTargets")
  (#strip! @name "^[\"']") (#strip! @name "[;\"'].*$"))
; href="#id", fill="url(#id)"
(Attribute (Name) @_attribute (AttValue) @name @reference.symbol
  (#any-of? @_attribute "href" "xlink:href" "fill" "stroke" "filter" "mask" "clip-path")
  (#match? @name "#\\w+\\)?[\"']$")
  (#not-match? @name "^[\"']#(?:[0-9a-fA-F]{3,4}){1,2}[\"']$")
  (#strip! @name "^[^#]*#") (#strip! @name "\\)?[\"']$"))
(EntityRef (Name) @name @reference.symbol (#not-any-of? @name "amp" "lt" "gt" "quot" "apos"))
